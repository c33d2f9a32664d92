from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.lifecycle import STAGES, Stage
from portal.locales import LOCALES
from portal.models import Account
from portal.services.audit import record
from portal.services.imports import cells
from portal.services.imports.editions import note_editions, take_editions
from portal.services.imports.groups import note_moves, take_parents
from portal.services.imports.table import (
    Column,
    ImportReport,
    Row,
    Table,
    compare,
    read_table,
)
from portal.services.requests.levels import rewind_tiers
from portal.tenancy import scope_of
from portal.usage import quarantine
from portal.usage.store import chunks

TIERS = ("strategic", "standard", "small")
COLUMNS = (
    Column("key", cells.account_key),
    Column("name", cells.text(200, needed=True)),
    Column("time_zone", cells.time_zone),
    Column("tier", cells.one_of(TIERS, "standard"), needed=False),
    Column("industry", cells.text(80), needed=False),
    Column("region", cells.text(80), needed=False),
    Column("seats", cells.seats, needed=False),
    Column("currency", cells.currency, needed=False),
    Column("arr", cells.money, needed=False),
    Column("contract_start", cells.day, needed=False),
    Column("contract_end", cells.day, needed=False),
    Column("go_live", cells.day, needed=False),
    Column("stage", cells.one_of(STAGES, Stage.STEADY_USE), needed=False),
    Column("stage_since", cells.day, needed=False),
    Column("locale", cells.one_of(LOCALES, "en"), needed=False),
    Column("parent", cells.other_account, needed=False),
    Column("edition", cells.text(120), needed=False),
    Column("holidays", cells.calendar, needed=False),
    Column("people_shown", cells.one_of(("named", "groups"), "named"), needed=False),
)


def import_accounts(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds and changes accounts by `key`. Usage kept aside for a new account is brought back; a
    new time zone makes the next fold count its days again; with a new tier other service levels
    hold for its open requests; the group that it is part of may stand anywhere in the file. Raises
    ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("key",))
    for number, row in table.rows:
        _check_together(table, number, row)
    parents = take_parents(session, table)
    take_editions(session, table)
    table.check()
    found = compare(table, _known(session, table), lambda row: row["key"])
    note_moves(session, found, parents)
    if not dry_run:
        _add(session, found.new)
        found.apply()
        parents.apply(session)
        note_editions(session, found)
        rewind_tiers(session, {row["tier"] for _, row in found.changed if "tier" in row})
        record(session, "account.imported", "account", "", **found.counts())
        session.commit()
    return found.report("account", dry_run=dry_run)


def _check_together(table: Table, number: int, row: Row) -> None:
    start, end = row.get("contract_start"), row.get("contract_end")
    if start and end and end < start:
        table.refuse(number, "contract_end", "is before contract_start")
    if row.get("arr") is not None and not row.get("currency"):
        table.refuse(number, "currency", "an amount needs its currency")


def _known(session: Session, table: Table) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for some in chunks(row["key"] for _, row in table.rows):
        for account in session.scalars(select(Account).where(Account.key.in_(some))):
            found[account.key] = account
    return found


def _add(session: Session, rows: list[Row]) -> None:
    now = scope_of(session).now
    for row in rows:
        session.add(Account(created_at=now, **row))
    session.flush()
    quarantine.attach(session, [row["key"] for row in rows])


def zones_of(session: Session, keys: set[str]) -> dict[str, str]:
    """The time zones of those accounts that there are, by key."""
    found: dict[str, str] = {}
    for some in chunks(keys):
        rows = session.execute(select(Account.key, Account.time_zone).where(Account.key.in_(some)))
        found.update((row.key, row.time_zone) for row in rows)
    return found
