from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.models import RenewalOutcome
from portal.services.audit import record
from portal.services.health.outcomes import Outcome
from portal.services.imports import cells
from portal.services.imports.table import (
    Column,
    ImportReport,
    Row,
    Table,
    compare,
    read_table,
)
from portal.tenancy import scope_of
from portal.usage.store import accounts_by_key, chunks

COLUMNS = (
    Column("account", cells.account_key),
    Column("day", cells.needed_day),
    Column("outcome", cells.one_of(tuple(Outcome))),
    Column("amount", cells.money, needed=False),
    Column("currency", cells.currency, needed=False),
    Column("note", cells.text(500), needed=False),
)


def import_outcomes(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds and changes what became of contracts, by `account` and `day` (on which the contract was
    due). Raises ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("account", "day"))
    accounts = accounts_by_key(session, {row.get("account", "") for _, row in table.rows})
    for number, row in table.rows:
        _check_together(session, table, number, row, accounts)
    table.check()
    for _, row in table.rows:
        row["account_id"] = accounts[row.pop("account")]
    found = compare(table, _known(session, set(accounts.values())), _key)
    if not dry_run:
        now = scope_of(session).now
        if found.new:
            rows = [
                {"amount": None, "currency": None, "note": "", **row}
                | {"key": new_key(), "created_at": now}
                for row in found.new
            ]
            session.execute(insert(RenewalOutcome), rows)
        found.apply()
        record(session, "outcome.imported", "outcome", "", **found.counts())
        session.commit()
    return found.report("outcome", dry_run=dry_run)


def _key(row: Row) -> tuple[Any, Any]:
    return row["account_id"], row["day"]


def _check_together(
    session: Session, table: Table, number: int, row: Row, accounts: dict[str, int]
) -> None:
    if "account" in row and row["account"] not in accounts:
        table.refuse(number, "account", f"there is no account {row['account']!r}")
    if row.get("amount") is not None and not row.get("currency"):
        table.refuse(number, "currency", "an amount needs its currency")
    if "day" in row and row["day"] > scope_of(session).now.date():
        table.refuse(number, "day", "is not over yet")


def _known(session: Session, accounts: set[int]) -> dict[tuple[Any, Any], Any]:
    found: dict[tuple[Any, Any], Any] = {}
    for some in chunks(accounts):
        wanted = select(RenewalOutcome).where(RenewalOutcome.account_id.in_(some))
        for one in session.scalars(wanted):
            found[one.account_id, one.day] = one
    return found
