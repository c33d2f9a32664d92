"""Value reports: drafted and published by the vendor's side, read by the customer's.

A draft shows today's figures each time it is looked at; publishing freezes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.models import Account, User, ValueReport
from portal.services.audit import record
from portal.services.report_figures import gather, paragraphs_of
from portal.tenancy import scope_of
from reports.model import LONGEST_TEXT, MOST_PARAGRAPHS, Snapshot

LONGEST_PERIOD_DAYS = 366
# Figures begin in 2000, and each period is compared with the one before it.
EARLIEST_PERIOD = date(2002, 1, 1)
LONGEST_NOTE = 8000
DRAFT_STANDS = "A draft for this account and period stands already."


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in a list. `published_at` None is a draft."""

    key: str
    account_key: str
    account_name: str
    time_zone: str
    first: date
    last: date
    version: int
    published_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as its page shows it: the row, the words by locale, and the figures."""

    row: ReportRow
    notes: Mapping[str, str]
    snapshot: Snapshot


_ROW = (
    ValueReport.key,
    Account.key,
    Account.name,
    Account.time_zone,
    ValueReport.first,
    ValueReport.last,
    ValueReport.version,
    ValueReport.published_at,
    ValueReport.updated_at,
)


def _rows() -> Select[str, str, str, str, date, date, int, datetime | None, datetime]:
    return select(*_ROW).join(Account, Account.id == ValueReport.account_id)


def _row(found: Sequence[Any]) -> ReportRow:
    return ReportRow(*found)


def _sees_drafts(session: Session) -> bool:
    return scope_of(session).allows(Permission.REPORT_WRITE)


def list_reports(session: Session, account_key: str | None = None) -> list[ReportRow]:
    """The reports in reach, newest period first; drafts only for those who write them."""
    statement = _rows().order_by(ValueReport.last.desc(), Account.name, ValueReport.version.desc())
    if account_key is not None:
        statement = statement.where(Account.key == account_key)
    if not _sees_drafts(session):
        statement = statement.where(ValueReport.published_at.is_not(None))
    return [_row(row) for row in session.execute(statement)]


def show_report(session: Session, key: str) -> ReportView:
    """Raises NotFound for an unknown one, one of another account, or a draft that the reader
    may not see.
    """
    report = _access(session, key)
    row = _row(session.execute(_rows().where(ValueReport.id == report.id)).one())
    if report.published_at is not None and report.snapshot is not None:
        snapshot = Snapshot.from_json(report.snapshot)
    else:
        snapshot = _draft_snapshot(session, report)
    return ReportView(row, dict(report.notes), snapshot)


def _access(session: Session, key: str) -> ValueReport:
    report = session.scalars(select(ValueReport).where(ValueReport.key == key)).one_or_none()
    if report is None or (report.published_at is None and not _sees_drafts(session)):
        raise NotFound
    return report


def _draft_snapshot(session: Session, report: ValueReport) -> Snapshot:
    return gather(
        session,
        account_id=report.account_id,
        period=(report.first, report.last),
        version=report.version,
        notes=report.notes,
        author=_author(session, report.author_id),
    )


def _author(session: Session, user_id: int | None) -> str:
    if user_id is None:
        return ""
    found = session.execute(select(User.name, User.email).where(User.id == user_id)).one_or_none()
    return (found.name or found.email) if found else ""


def draft_report(session: Session, account_key: str, first: date, last: date) -> str:
    """Begins a draft, or the next version of a published one; returns its key. Commits.

    Raises Invalid for an impossible period, Conflict where a draft of it stands already.
    """
    scope = scope_of(session)
    account = _account(session, account_key)
    _check_period(first, last, _today(session, account))
    before = session.scalars(
        select(ValueReport)
        .where(ValueReport.account_id == account.id)
        .where(ValueReport.first == first, ValueReport.last == last)
        .order_by(ValueReport.version.desc())
        .limit(1)
    ).one_or_none()
    if before is not None and before.published_at is None:
        raise Conflict(DRAFT_STANDS, code="draft-exists")
    report = ValueReport(
        account_id=account.id,
        first=first,
        last=last,
        version=before.version + 1 if before else 1,
        notes=dict(before.notes) if before else {},
        author_id=scope.user_id,
        created_at=scope.now,
        updated_at=scope.now,
    )
    session.add(report)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise Conflict(DRAFT_STANDS, code="draft-exists") from None
    record(session, "report.draft", "value_report", report.key, account=account_key)
    session.commit()
    return report.key


def _account(session: Session, key: str) -> Account:
    account = session.scalars(select(Account).where(Account.key == key)).one_or_none()
    if account is None:
        raise NotFound(f"There is no account {key[:120]}.")
    return account


def _check_period(first: date, last: date, today: date) -> None:
    if last < first:
        raise Invalid(
            "The period ends before it begins.",
            code="ends-before-it-begins",
            fields={"last": f"Choose a day on or after {first}."},
        )
    if last - first > timedelta(days=LONGEST_PERIOD_DAYS):
        raise Invalid(
            "The period is too long.",
            code="too-long",
            fields={"last": f"A report covers at most {LONGEST_PERIOD_DAYS} days."},
        )
    if first < EARLIEST_PERIOD:
        raise Invalid(
            "The period is too early.",
            code="too-early",
            fields={"first": f"Choose a day on or after {EARLIEST_PERIOD}."},
        )
    if last >= today:
        raise Invalid(
            "The period is not over.",
            code="not-over",
            fields={"last": "Choose a last day before today."},
        )


def write_notes(session: Session, key: str, notes: Mapping[str, str]) -> None:
    """Keeps the words of a draft, by locale; empty ones go. Commits."""
    report = _draft(session, key)
    for locale, text in notes.items():
        if locale not in LOCALES:
            raise Invalid("That language is not known.", fields={locale: "Unknown language."})
        _check_words(locale, text)
    report.notes = {locale: text.strip() for locale, text in notes.items() if text.strip()}
    report.updated_at = scope_of(session).now
    record(session, "report.write", "value_report", key)
    session.commit()


def _check_words(locale: str, text: str) -> None:
    """What is taken here must fit into the snapshot when the report is published."""
    paragraphs = paragraphs_of(text)
    longest = max(map(len, paragraphs), default=0)
    if len(text) > LONGEST_NOTE or longest > LONGEST_TEXT or len(paragraphs) > MOST_PARAGRAPHS:
        said = (
            f"At most {LONGEST_NOTE} characters in {MOST_PARAGRAPHS} paragraphs, "
            f"each of at most {LONGEST_TEXT}."
        )
        raise Invalid(said, code="too-long", fields={locale.lower().replace("-", "_"): said})


def _draft(session: Session, key: str) -> ValueReport:
    if not _sees_drafts(session):
        raise Forbidden
    report = _access(session, key)
    if report.published_at is not None:
        raise Conflict(
            "This version is published and never changes. Begin a new version.", code="frozen"
        )
    return report


def publish_report(session: Session, key: str) -> None:
    """Freezes the figures and the words and shows them to the customer. Commits."""
    scope = scope_of(session)
    report = _draft(session, key)
    snapshot = gather(
        session,
        account_id=report.account_id,
        period=(report.first, report.last),
        version=report.version,
        notes=report.notes,
        author=_author(session, report.author_id),
        published_at=scope.now,
    )
    report.snapshot = snapshot.checked().to_json()
    report.published_at = scope.now
    report.published_by = scope.actor
    report.updated_at = scope.now
    record(session, "report.publish", "value_report", key, version=report.version)
    session.commit()


def preview_report(session: Session, account_key: str, first: date, last: date) -> Snapshot:
    """The newest published report of the account and period; where there is none, a draft of
    today's figures that is kept nowhere. Raises NotFound and Invalid.
    """
    account = _account(session, account_key)
    _check_period(first, last, _today(session, account))
    published = session.scalars(
        select(ValueReport.snapshot)
        .where(ValueReport.account_id == account.id, ValueReport.published_at.is_not(None))
        .where(ValueReport.first == first, ValueReport.last == last)
        .order_by(ValueReport.version.desc())
        .limit(1)
    ).one_or_none()
    if published is not None:
        return Snapshot.from_json(published)
    return gather(
        session, account_id=account.id, period=(first, last), version=1, notes={}, author=""
    )


def _today(session: Session, account: Account) -> date:
    return scope_of(session).now.astimezone(ZoneInfo(account.time_zone)).date()


def discard_draft(session: Session, key: str) -> None:
    """Throws a draft away. Commits."""
    report = _draft(session, key)
    record(session, "report.discard", "value_report", key)
    session.delete(report)
    session.commit()
