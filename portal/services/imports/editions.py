"""The `edition` column of accounts: which edition each account has bought."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Edition
from portal.services.catalogue.version import raise_version
from portal.services.imports.table import Comparison, Table


def take_editions(session: Session, table: Table) -> None:
    """Puts the edition's id into the rows in the place of its key; an empty cell takes the
    account's edition away, a file without the column leaves it. Refuses unknown ones by their row.
    """
    ids = {row.key: row.id for row in session.execute(select(Edition.key, Edition.id))}
    for number, row in table.rows:
        if "edition" not in row:
            continue
        key = row.pop("edition")
        if key and key not in ids:
            table.refuse(number, "edition", f"there is no edition {key!r}")
        row["edition_id"] = ids.get(key)


def note_editions(session: Session, found: Comparison) -> None:
    """Figures follow from what accounts have bought."""
    changed = any("edition_id" in values for _, values in found.changed)
    if changed or any(row.get("edition_id") for row in found.new):
        raise_version(session)
