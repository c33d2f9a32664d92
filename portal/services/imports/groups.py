"""The `parent` column of accounts: which group each account is part of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.models import Account
from portal.services.imports.table import Comparison, Table


@dataclass(frozen=True, slots=True)
class Parents:
    """What a file says of groups: account's key → its parent's, None for none. Accounts that it
    leaves out, or a file without the column, keep theirs.
    """

    wanted: Mapping[str, str | None]

    def apply(self, session: Session) -> None:
        """Once every account of the file is there."""
        if not self.wanted:
            return
        ids = {row.key: row.id for row in session.execute(select(Account.key, Account.id))}
        for account in session.scalars(select(Account).where(Account.key.in_(self.wanted))):
            parent = self.wanted[account.key]
            account.parent_id = None if parent is None else ids[parent]


def take_parents(session: Session, table: Table) -> Parents:
    """Takes the column out of the rows; refuses unknown parents and circles by their row."""
    wanted: dict[str, str | None] = {}
    places: list[tuple[int, str]] = []
    for number, row in table.rows:
        if "parent" in row:
            parent = row.pop("parent")
            if "key" in row:
                wanted[row["key"]] = parent
                places.append((number, row["key"]))
    if not places:
        return Parents({})
    known = _parents(session)
    there = {*known, *(row["key"] for _, row in table.rows if "key" in row)}
    graph = {**known, **wanted}
    for number, key in places:
        parent = wanted[key]
        if parent is None:
            continue
        if parent not in there:
            table.refuse(number, "parent", f"there is no account {parent!r}")
        elif circle := _circle(key, graph):
            table.refuse(number, "parent", f"makes a circle: {' → '.join(circle)}")
    return Parents(wanted)


def note_moves(session: Session, found: Comparison, parents: Parents) -> None:
    """Accounts of which nothing changes but their group count as changed too."""
    known = _parents(session) if parents.wanted else {}
    moved = {key for key, parent in parents.wanted.items() if key in known and known[key] != parent}
    moved -= {account.key for account, _ in found.changed}
    for account in session.scalars(select(Account).where(Account.key.in_(moved))):
        found.changed.append((account, {}))


def _parents(session: Session) -> dict[str, str | None]:
    """Account's key → its parent's."""
    above = aliased(Account)
    wanted = select(Account.key, above.key.label("parent")).outerjoin(
        above, above.id == Account.parent_id
    )
    return {row.key: row.parent for row in session.execute(wanted)}


def _circle(key: str, graph: Mapping[str, str | None]) -> Sequence[str]:
    """The way up from the account back to itself; empty where it does not lead there."""
    way = [key]
    above = graph.get(key)
    while above is not None:
        way.append(above)
        if above == key:
            return way
        if above in way[:-1]:
            return ()  # somebody else's circle, refused at their row
        above = graph.get(above)
    return ()
