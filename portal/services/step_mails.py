"""Once a week to each champion: the core feature of their contract that waits most, and the text
that teaches it. Nothing where nothing waits, or where they have read all that would help.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.locales import best_locale
from portal.models import Account, OutboxMessage, User, Vendor
from portal.services.adoption import show_adoption
from portal.services.mail import queue_mail
from portal.services.next_steps import next_steps
from portal.services.readings import read_slugs
from portal.tenancy import Scope, scope_of

MONDAY, MORNING = 0, 8
"""The day of the week and the hour from which on, in the champion's own zone."""
MOST_STEPS = 2
Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Champion:
    """Somebody whose Monday morning it is, and who has had no such mail this week."""

    scope: Scope
    email: str
    name: str
    account_key: str
    key: str


def waiting_champions(session: Session) -> list[Champion]:
    """Needs a session over all accounts."""
    found = list(_champions(session))
    keys = {f"mail:{one.key}" for one in found}
    known = select(OutboxMessage.idempotency_key).where(OutboxMessage.idempotency_key.in_(keys))
    had = set(session.scalars(known))
    return [one for one in found if f"mail:{one.key}" not in had]


def queue_step_mail(session: Session, champion: Champion, link: Link) -> bool:
    """In a session of the champion's own scope, so that nothing is told that they may not read.
    Whether there was something to tell. Commits.
    """
    now = show_adoption(session, champion.account_key)
    known = read_slugs(session, champion.scope.user_id or 0)
    steps = next_steps(session, now.features) if now.coverage_days else []
    told = [step for step in steps if step.item.slug not in known][:MOST_STEPS]
    if not told:
        return False
    queued = queue_mail(
        session,
        recipient=champion.email,
        locale=champion.scope.locale,
        template="step",
        values={
            "name": champion.name,
            "steps": [
                {
                    "feature": step.feature.name(champion.scope.locale),
                    "unused": step.feature.unused,
                    "persons": step.feature.persons,
                    "title": step.item.title,
                    "minutes": step.item.minutes,
                    "link": link(f"/knowledge/{step.item.slug}"),
                }
                for step in told
            ],
            "link": link("/adoption"),
            "profile": link("/me"),
        },
        idempotency_key=champion.key,
        account_id=champion.scope.account_id,
    )
    session.commit()
    return queued


def wants_step_mail(session: Session) -> bool:
    """Whether the reader has left it on."""
    wanted = select(User.step_mail).where(User.id == scope_of(session).user_id)
    return bool(session.scalar(wanted))


def choose_step_mail(session: Session, *, wanted: bool) -> None:
    """For the reader. Commits."""
    me = scope_of(session).user_id
    session.execute(update(User).where(User.id == me).values(step_mail=wanted))
    session.commit()


def _champions(session: Session) -> Iterator[Champion]:
    now = scope_of(session).now
    usual = session.scalar(select(Vendor.time_zone)) or "UTC"
    rows = session.execute(
        select(
            User.id,
            User.email,
            User.name,
            User.locale,
            User.time_zone,
            Account.id.label("account_id"),
            Account.key.label("account_key"),
            Account.locale.label("account_locale"),
            Account.time_zone.label("account_zone"),
        )
        .join(Account, Account.id == User.account_id)
        .where(User.role == Role.CHAMPION, User.active.is_(True), User.step_mail.is_(True))
        .order_by(User.id)
    )
    for row in rows:
        zone = row.time_zone or row.account_zone or usual
        local = now.astimezone(ZoneInfo(zone))
        if local.weekday() == MONDAY and local.hour >= MORNING:
            scope = Scope(
                user_id=row.id,
                role=Role.CHAMPION,
                accounts=frozenset({row.account_id}),
                now=now,
                locale=best_locale([row.locale, row.account_locale]),
                time_zone=zone,
                origin="job knowledge.step-mail",
            )
            yield Champion(scope, row.email, row.name, row.account_key, _key(row.id, local))


def _key(user_id: int, local: datetime) -> str:
    year, week, _day = local.isocalendar()
    return f"step:{user_id}:{year}-{week}"
