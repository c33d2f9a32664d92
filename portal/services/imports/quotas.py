from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contract_quotas import checked_amount, checked_measure
from portal.domain.errors import Invalid
from portal.domain.volumes import read_value
from portal.models import AccountQuota, Edition, EditionQuota
from portal.services.audit import record
from portal.services.catalogue.quotas import keep_account_quota, keep_edition_quota
from portal.services.imports import cells
from portal.services.imports.table import Column, ImportReport, Row, Table, read_table
from portal.usage.store import accounts_by_key

Place = tuple[str, str, str]
"""Kind of owner, its key, measure."""
Keep = Callable[[Session, int, str, Decimal | None], None]
KEEPERS: dict[str, Keep] = {"edition": keep_edition_quota, "account": keep_account_quota}


def _measure(cell: str) -> str:
    return str(_checked(checked_measure, cell))


def _amount(cell: str) -> Decimal | None:
    """Empty: no quota."""
    return _checked(checked_amount, read_value(cell)) if cell else None


def _checked(check: Callable[[Any], Any], value: Any) -> Any:
    try:
        return check(value)
    except Invalid as refusal:
        raise ValueError(refusal.message) from None


COLUMNS = (
    Column("edition", cells.text(120), needed=False),
    Column("account", cells.other_account, needed=False),
    Column("measure", _measure),
    Column("amount", _amount),
)


def import_quotas(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds and changes what contracts allow in any 30 days, of an edition or an account; an empty
    amount takes it away. Raises ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ())
    owners = _owners(session, table)
    table.check()
    known, counts = _known(session), dict.fromkeys(("added", "changed", "unchanged"), 0)
    for (_, row), owner in zip(table.rows, owners, strict=True):
        before, amount = known.get((*owner, row["measure"])), row["amount"]
        counts[_change(before, amount)] += 1
        if before != amount:
            KEEPERS[owner[0]](session, owner[1], row["measure"], amount)
    if dry_run:
        session.rollback()
    else:
        record(session, "quota.imported", "quota", "", **counts)
        session.commit()
    return ImportReport("quota", len(table.rows), **counts, dry_run=dry_run)


def _change(before: Decimal | None, amount: Decimal | None) -> str:
    if before == amount:
        return "unchanged"
    return "added" if before is None else "changed"


def _owners(session: Session, table: Table) -> list[tuple[str, int]]:
    """What each row is of: its edition or its account. Refuses both, none and doubles."""
    editions = {row.key: row.id for row in session.execute(select(Edition.key, Edition.id))}
    keys = {row["account"] for _, row in table.rows if row.get("account")}
    ids = {"edition": editions, "account": accounts_by_key(session, keys)}
    found: list[tuple[str, int]] = []
    seen: set[Place] = set()
    for number, row in table.rows:
        named = [kind for kind in KEEPERS if row.get(kind)]
        if len(named) != 1:
            table.refuse(number, "account", "give an edition or an account, and not both")
            continue
        kind, key = named[0], row[named[0]]
        if key not in ids[kind]:
            table.refuse(number, kind, f"there is no {kind} {key!r}")
            continue
        _refuse_double(table, number, row, (kind, key, row.get("measure", "")), seen)
        found.append((kind, ids[kind][key]))
    return found


def _refuse_double(table: Table, number: int, row: Row, place: Place, seen: set[Place]) -> None:
    if "measure" in row and place in seen:
        table.refuse(number, "measure", f"stands twice for the same {place[0]}")
    seen.add(place)


def _known(session: Session) -> dict[tuple[str, int, str], Decimal]:
    of_edition = select(EditionQuota.edition_id, EditionQuota.measure, EditionQuota.amount)
    own = select(AccountQuota.account_id, AccountQuota.measure, AccountQuota.amount)
    found: dict[tuple[str, int, str], Decimal] = {}
    for kind, wanted in (("edition", of_edition), ("account", own)):
        for owner, measure, amount in session.execute(wanted):
            found[kind, owner, measure] = amount
    return found
