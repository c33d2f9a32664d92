"""A person's word against the score's band, with reason and expiry. Each act is audited."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.health import Band
from portal.models import Account, HealthOverride, User
from portal.services.audit import record
from portal.tenancy import scope_of
from portal.usage.days import zone_of

LONGEST_REASON = 1000
LONGEST = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class PastOverride:
    """`until` is its last day; `ended_at` where it was ended by hand or replaced before."""

    band: Band
    reason: str
    since: datetime
    until: date
    by: str
    ended_at: datetime | None
    ended_by: str


def override_band(session: Session, account_key: str, band: str, reason: str, until: date) -> None:
    """In place of any that is in force; commits. `until` is its last day in the account's zone.

    Raises NotFound, Invalid (band, reason, until).
    """
    account, today = _account(session, account_key)
    chosen = _checked(band, reason, until, today)
    scope = scope_of(session)
    _end_all(session, account, today)
    session.add(
        HealthOverride(
            account_id=account,
            band=chosen,
            reason=reason.strip(),
            until=until,
            created_at=scope.now,
            created_by=scope.user_id,
        )
    )
    record(
        session,
        "health.override",
        "account",
        account_key,
        account_id=account,
        band=chosen.value,
        until=until.isoformat(),
        reason=reason.strip(),
    )
    session.commit()


def end_override(session: Session, account_key: str) -> None:
    """By hand, before its day. Commits. Raises NotFound, Conflict where none is in force."""
    account, today = _account(session, account_key)
    if not _end_all(session, account, today):
        raise Conflict("No override is in force here any more.", code="no-override")
    record(session, "health.override-end", "account", account_key, account_id=account)
    session.commit()


def account_today(session: Session, account_key: str) -> date:
    """Today over there. Raises NotFound."""
    return _account(session, account_key)[1]


def past_overrides(session: Session, account_key: str) -> list[PastOverride]:
    """All of the account's, in force or not, the newest first."""
    account, _today = _account(session, account_key)
    ender = aliased(User)
    wanted = (
        select(
            HealthOverride.band,
            HealthOverride.reason,
            HealthOverride.created_at,
            HealthOverride.until,
            func.coalesce(User.name, ""),
            HealthOverride.ended_at,
            func.coalesce(ender.name, ""),
        )
        .outerjoin(User, User.id == HealthOverride.created_by)
        .outerjoin(ender, ender.id == HealthOverride.ended_by)
        .where(HealthOverride.account_id == account)
        .order_by(HealthOverride.id.desc())
    )
    return [
        PastOverride(Band(band), reason, since, until, by, ended_at, ended_by)
        for band, reason, since, until, by, ended_at, ended_by in session.execute(wanted)
    ]


def _account(session: Session, key: str) -> tuple[int, date]:
    """Id, and today over there."""
    row = session.execute(select(Account.id, Account.time_zone).where(Account.key == key)).first()
    if row is None:
        raise NotFound
    return row.id, scope_of(session).now.astimezone(zone_of(row.time_zone)).date()


def _checked(band: str, reason: str, until: date, today: date) -> Band:
    if band not in set(Band):
        raise _wrong("band", "no-band", "Choose green, yellow or red.")
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise _wrong("reason", "no-reason", "Give a reason of at most 1,000 characters.")
    if not today <= until <= today + LONGEST:
        raise _wrong("until", "bad-until", "Choose a day from today on, at most 180 days ahead.")
    return Band(band)


def _wrong(field: str, code: str, said: str) -> Invalid:
    return Invalid(said, code=code, fields={field: said})


def _end_all(session: Session, account: int, today: date) -> int:
    """How many there were; one that has run out by itself stays as it is."""
    scope = scope_of(session)
    ended = session.execute(
        update(HealthOverride)
        .where(
            HealthOverride.account_id == account,
            HealthOverride.ended_at.is_(None),
            HealthOverride.until >= today,
        )
        .values(ended_at=scope.now, ended_by=scope.user_id)
        .returning(HealthOverride.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)
