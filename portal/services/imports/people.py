from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.models import Account, Person
from portal.services.audit import record
from portal.services.imports import cells
from portal.services.imports.table import (
    Column,
    Comparison,
    ImportReport,
    Row,
    Table,
    compare,
    read_table,
)
from portal.usage.store import accounts_by_key, chunks

COLUMNS = (
    Column("account", cells.account_key),
    Column("external_id", cells.text(200, needed=True)),
    Column("name", cells.text(200), needed=False),
    Column("email", cells.email, needed=False),
    Column("team", cells.text(120), needed=False),
    Column("decision_role", cells.text(40), needed=False),
    Column("active_from", cells.needed_day),
    Column("active_until", cells.day, needed=False),
)


def import_people(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds and changes persons by `account` and `external_id`. Provisioned from `active_from` to
    the day before `active_until`. Raises ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("account", "external_id"))
    accounts = accounts_by_key(session, {row.get("account", "") for _, row in table.rows})
    for number, row in table.rows:
        _check_together(table, number, row, accounts)
    table.check()
    for _, row in table.rows:
        row["account_id"] = accounts[row.pop("account")]
    found = compare(table, _known(session, set(accounts.values())), _key)
    if not dry_run:
        if found.new:
            session.execute(insert(Person), found.new)
        found.apply()
        _note_changed(session, found)
        record(session, "person.imported", "person", "", **found.counts())
        session.commit()
    return found.report("person", dry_run=dry_run)


def _note_changed(session: Session, found: Comparison) -> None:
    """So that nobody goes on reading figures of the former list."""
    accounts = {row["account_id"] for row in found.new}
    accounts |= {person.account_id for person, _values in found.changed}
    for some in chunks(accounts):
        session.execute(
            update(Account)
            .where(Account.id.in_(some))
            .values(people_version=Account.people_version + 1)
        )


def _key(row: Row) -> tuple[int, str]:
    return row["account_id"], row["external_id"]


def _check_together(table: Table, number: int, row: Row, accounts: dict[str, int]) -> None:
    if "account" in row and row["account"] not in accounts:
        table.refuse(number, "account", f"there is no account {row['account']!r}")
    start, end = row.get("active_from"), row.get("active_until")
    if start and end and end < start:
        table.refuse(number, "active_until", "is before active_from")


def _known(session: Session, accounts: set[int]) -> dict[tuple[int, str], Any]:
    found: dict[tuple[int, str], Any] = {}
    for some in chunks(accounts):
        for person in session.scalars(select(Person).where(Person.account_id.in_(some))):
            found[person.account_id, person.external_id] = person
    return found
