"""Once a day, in the morning of whoever looks after accounts: new alerts and what is due."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.early_warning.workdays import WORKDAYS_A_WEEK
from portal.domain.permissions import TABLE, Permission
from portal.models import Account, Alert, OutboxMessage, Task, User, Vendor
from portal.services.mail import queue_mail
from portal.tenancy import scope_of

MORNING = 7
"""The hour of the reader's day from which on the mail goes out."""
MOST_LINES = 12
NEW = timedelta(hours=24)
WEEKEND = timedelta(hours=72)
_DESK = [role.value for role, may in TABLE.items() if Permission.ACCOUNT_DESK in may]
Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Reader:
    id: int
    email: str
    name: str
    locale: str | None
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def key(self) -> str:
        return f"daily:{self.id}:{self.today}"

    @property
    def since(self) -> datetime:
        """On a Monday the weekend is new, too."""
        return self.now - (WEEKEND if self.today.weekday() == 0 else NEW)


@dataclass(slots=True)
class _Post:
    alerts: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)


def queue_daily_mails(session: Session, link: Link) -> int:
    """To each who has something new or due, and has not switched it off; how many. Workdays only;
    of a person and day at most one, however often this runs. `link` makes whole addresses of
    paths. Commits.
    """
    readers = _readers(session)
    posts = _posts(session, readers, link)
    sent = 0
    for reader in readers.values():
        post = posts.get(reader.id)
        if post is not None and (post.alerts or post.tasks):
            sent += queue_mail(
                session,
                recipient=reader.email,
                locale=reader.locale,
                template="daily",
                values=_values(reader, post, link),
                idempotency_key=reader.key,
            )
    session.commit()
    return sent


def wants_daily_mail(session: Session) -> bool:
    """Whether the reader has left it on."""
    wanted = select(User.daily_mail).where(User.id == scope_of(session).user_id)
    return bool(session.scalar(wanted))


def _readers(session: Session) -> dict[int, _Reader]:
    """Those whose morning it is, and who have had none today."""
    now = scope_of(session).now
    vendor = session.execute(select(Vendor.time_zone, Vendor.locale)).first()
    usual = vendor.time_zone if vendor else "UTC"
    wanted = select(User.id, User.email, User.name, User.locale, User.time_zone).where(
        User.role.in_(_DESK), User.active.is_(True), User.daily_mail.is_(True)
    )
    found = {}
    for row in session.execute(wanted.order_by(User.id)):
        local = now.astimezone(ZoneInfo(row.time_zone or usual))
        locale = row.locale or (vendor.locale if vendor else None)
        reader = _Reader(row.id, row.email, row.name, locale, local)
        if local.hour >= MORNING and local.weekday() < WORKDAYS_A_WEEK:
            found[row.id] = reader
    return _without_those_who_had_theirs(session, found)


def _without_those_who_had_theirs(
    session: Session, readers: dict[int, _Reader]
) -> dict[int, _Reader]:
    keys = [f"mail:{one.key}" for one in readers.values()]
    known = select(OutboxMessage.idempotency_key).where(OutboxMessage.idempotency_key.in_(keys))
    had = set(session.scalars(known))
    return {one.id: one for one in readers.values() if f"mail:{one.key}" not in had}


def _posts(session: Session, readers: dict[int, _Reader], link: Link) -> dict[int, _Post]:
    latest = max((one.today for one in readers.values()), default=date.min)
    wanted = (
        select(
            Task.key,
            Task.owner_id,
            Task.title,
            Task.due_on,
            Task.snoozed_until,
            Account.name.label("account"),
            Alert.key.label("alert"),
            Alert.rule,
            Alert.created_at,
            Alert.closed_on,
        )
        .join(Account, Account.id == Task.account_id)
        .outerjoin(Alert, Alert.id == Task.alert_id)
        .where(Task.owner_id.in_(sorted(readers)), Task.done_at.is_(None))
        .where(or_(Task.due_on <= latest, Alert.closed_on.is_(None)))
        .order_by(Task.due_on, Task.id)
    )
    posts: dict[int, _Post] = defaultdict(_Post)
    for row in session.execute(wanted):
        reader = readers[row.owner_id]
        if row.snoozed_until is None or row.snoozed_until <= reader.today:
            _add(posts[reader.id], row, reader, link)
    return posts


def _add(post: _Post, row: Any, reader: _Reader, link: Link) -> None:
    """A new alert stands among the alerts; its task among those due as well, once it is."""
    if row.alert and row.closed_on is None and row.created_at >= reader.since:
        line = {"account": row.account, "rule": row.rule, "link": link(f"/alerts/{row.alert}")}
        post.alerts.append(line)
    if row.due_on <= reader.today:
        post.tasks.append(
            {
                "account": row.account,
                "title": row.title,
                "rule": row.rule or "",
                "overdue": row.due_on < reader.today,
                "link": link(f"/tasks/{row.key}"),
            }
        )


def _values(reader: _Reader, post: _Post, link: Link) -> dict[str, Any]:
    return {
        "name": reader.name,
        "alerts": post.alerts[:MOST_LINES],
        "tasks": post.tasks[:MOST_LINES],
        "more": max(len(post.alerts) - MOST_LINES, 0) + max(len(post.tasks) - MOST_LINES, 0),
        "link": link("/tasks"),
        "profile": link("/me"),
    }
