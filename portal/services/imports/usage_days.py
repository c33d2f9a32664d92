from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from portal.domain import usage_days
from portal.domain.errors import Invalid
from portal.services.imports import cells
from portal.services.imports.accounts import zones_of
from portal.services.imports.by_account import keep_pushed, push_rows
from portal.services.imports.table import Column, ImportReport, Row, Table, read_table
from portal.services.usage_days import DaysReceipt, add_days
from portal.tenancy import scope_of
from portal.usage.days import zone_of

COLUMNS = (
    Column("day", cells.text(10, needed=True)),
    Column("account", cells.account_key),
    Column("external_id", usage_days.read_user, also="user"),
    Column("event", usage_days.read_event),
    Column("count", usage_days.read_count),
    Column("duration_seconds", usage_days.read_seconds, needed=False),
    Column("minutes", usage_days.read_minutes, needed=False),
)
Days = list[tuple[int, usage_days.UsageDay]]


def import_usage_days(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Tells daily usage as sums: what is told last of an account's day, user and event holds.
    Raises ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("day", "account", "external_id", "event"))
    zones = zones_of(session, {row.get("account", "") for _, row in table.rows})
    receipts = push_rows(
        table, partial(_item, session, table, zones), partial(_push, session, table)
    )
    counts = {
        "added": sum(one.added for one in receipts),
        "changed": sum(one.changed for one in receipts),
        "unchanged": sum(one.unchanged for one in receipts),
    }
    return keep_pushed(session, "usage", table, counts, dry_run=dry_run)


def _item(
    session: Session, table: Table, zones: dict[str, str], number: int, row: Row
) -> usage_days.UsageDay | None:
    """None where something of the row was refused."""
    account = row.get("account")
    if account is not None and account not in zones:
        table.refuse(number, "account", f"there is no account {account!r}")
    day = _day(session, table, number, row, zones.get(account or ""))
    if row.get("duration_seconds") and row.get("minutes"):
        table.refuse(number, "minutes", "stands beside duration_seconds; give one of them")
    if day is None or any(row.get(name) is None for name in ("external_id", "event", "count")):
        return None
    time = row.get("duration_seconds") or row.get("minutes") or 0
    return usage_days.UsageDay(day, row["external_id"], row["event"], row["count"], time)


def _day(session: Session, table: Table, number: int, row: Row, zone: str | None) -> date | None:
    if zone is None or "day" not in row:
        return None
    today = scope_of(session).now.astimezone(zone_of(zone)).date()
    try:
        return usage_days.read_day(row["day"], today)
    except ValueError as wrong:
        table.refuse(number, "day", str(wrong))
        return None


def _push(session: Session, table: Table, account: str, days: Days) -> DaysReceipt:
    """A refusal becomes one of its first row; the caller looks at the table afterwards."""
    try:
        return add_days(session, account, [item for _, item in days])
    except Invalid as refusal:
        table.refuse(days[0][0], "account", refusal.message)
    return DaysReceipt()
