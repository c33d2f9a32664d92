from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from portal.domain import volumes
from portal.domain.errors import Invalid
from portal.services.imports import cells
from portal.services.imports.accounts import zones_of
from portal.services.imports.by_account import keep_pushed, push_rows
from portal.services.imports.table import Column, ImportReport, Row, Table, read_table
from portal.services.volumes import PushReceipt, PushRefused, add_volumes
from portal.tenancy import scope_of
from portal.usage.days import zone_of

COLUMNS = (
    Column("account", cells.account_key),
    Column("series", volumes.read_series),
    Column("day", cells.text(10), needed=False),
    Column("timestamp", cells.text(40), needed=False),
    Column("value", volumes.read_value),
    Column("id", volumes.read_id),
    Column("name_en", lambda cell: volumes.read_name(cell or None), needed=False),
    Column("name_zh", lambda cell: volumes.read_name(cell or None), needed=False),
    Column("unit", lambda cell: volumes.read_unit(cell or None), needed=False),
)
Pushed = list[tuple[int, volumes.Pushed]]


def import_volumes(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds items of business volume; one whose `id` was pushed before counts as unchanged. A row
    has a `day` or a `timestamp`. Raises ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("account", "id"))
    zones = zones_of(session, {row.get("account", "") for _, row in table.rows})
    receipts = push_rows(
        table, partial(_item, session, table, zones), partial(_push, session, table)
    )
    added = sum(one.accepted for one in receipts)
    counts = {"added": added, "changed": 0, "unchanged": len(table.rows) - added}
    return keep_pushed(session, "volume", table, counts, dry_run=dry_run)


def _item(
    session: Session, table: Table, zones: dict[str, str], number: int, row: Row
) -> volumes.Pushed | None:
    """None where something of the row was refused."""
    account = row.get("account")
    if account is not None and account not in zones:
        table.refuse(number, "account", f"there is no account {account!r}")
    elif account is not None:
        row["on"] = _day(session, table, number, row, zones[account])
    needed = ("account", "series", "value", "id", "on")
    if any(row.get(name) is None for name in needed):
        return None
    names = {name: row.get(name) for name in ("name_en", "name_zh", "unit")}
    return volumes.Pushed(row["id"], row["series"], row["on"], row["value"], **names)


def _day(session: Session, table: Table, number: int, row: Row, zone: str) -> date | None:
    day, stamp = row.get("day", ""), row.get("timestamp", "")
    place = zone_of(zone)
    today = scope_of(session).now.astimezone(place).date()
    name = "day" if day or not stamp else "timestamp"
    if day and stamp:
        table.refuse(number, "timestamp", "give a day or a timestamp, not both")
        return None
    try:
        if name == "day":
            return volumes.read_day(day, today)
        return volumes.read_timestamp(stamp, place, today)
    except ValueError as wrong:
        table.refuse(number, name, str(wrong))
        return None


def _push(session: Session, table: Table, account: str, pushed: Pushed) -> PushReceipt:
    """Refusals become those of the rows; the caller looks at the table afterwards."""
    try:
        return add_volumes(session, account, [item for _, item in pushed])
    except PushRefused as refusal:
        for place, (member, said) in refusal.places.items():
            table.refuse(pushed[place][0], member, said)
    except Invalid as refusal:
        table.refuse(pushed[0][0], "account", refusal.message)
    return PushReceipt(0, 0)
