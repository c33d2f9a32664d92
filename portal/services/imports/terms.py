from typing import Any

from sqlalchemy.orm import Session

from portal.domain.terms import LONGEST_NAME, TermKind, Wording
from portal.services.audit import record
from portal.services.imports import cells
from portal.services.imports.table import Column, Comparison, ImportReport, Row, read_table
from portal.services.terms import read_terms, set_terms

NAMES = ("name_en", "name_zh_hans", "name_zh_hant")
COLUMNS = (
    Column("kind", cells.one_of([kind.value for kind in TermKind])),
    Column("key", cells.text(LONGEST_NAME, needed=True)),
    *(Column(name, cells.text(LONGEST_NAME), needed=False) for name in NAMES),
)


def import_terms(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Names keys of modules, industries and regions in three languages; a row without any name
    takes them back. What features or accounts do not have yet is kept for those that come. Raises
    ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("kind", "key"))
    table.check()
    stored = read_terms(session).wordings
    named = {(row["kind"], row["key"]): _wording(row) for _, row in table.rows}
    found = Comparison(len(table.rows))
    for place, wording in named.items():
        known = stored.get(place)
        values: dict[str, Any] = {"place": place}
        if known is None and wording:
            found.new.append(values)
        elif (known or Wording()) != wording:
            found.changed.append((known, values))
    if not dry_run:
        set_terms(session, named)
        record(session, "term.imported", "term", "", **found.counts())
        session.commit()
    return found.report("term", dry_run=dry_run)


def _wording(row: Row) -> Wording:
    return Wording(*(row.get(name, "") for name in NAMES))
