"""Files whose rows are pushed, those of an account together: all of the file or nothing."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.services.audit import record
from portal.services.imports.table import ImportReport, Row, Table

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")


def push_rows(
    table: Table,
    read: Callable[[int, Row], Item | None],
    push: Callable[[str, list[tuple[int, Item]]], Receipt],
) -> list[Receipt]:
    """`read` makes an item of a row and its number, None where something of it was refused; `push`
    takes an account's. Raises ImportRefused.
    """
    by_account: dict[str, list[tuple[int, Item]]] = {}
    for number, row in table.rows:
        item = read(number, row)
        if item is not None:
            by_account.setdefault(row["account"], []).append((number, item))
    table.check()
    receipts = [push(*one) for one in sorted(by_account.items())]
    table.check()
    return receipts


def keep_pushed(
    session: Session, noun: str, table: Table, counts: Mapping[str, int], *, dry_run: bool
) -> ImportReport:
    """Commits, or with `dry_run` takes all of it back."""
    if dry_run:
        session.rollback()
    else:
        record(session, f"{noun}.imported", noun, "", **counts)
        session.commit()
    return ImportReport(noun, len(table.rows), **counts, dry_run=dry_run)
