from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Feature
from portal.services.audit import record
from portal.services.imports import cells
from portal.services.imports.table import (
    Column,
    Comparison,
    ImportReport,
    Table,
    compare,
    read_table,
)

USAGE_KINDS = ("record", "process", "integration", "custom")
COLUMNS = (
    Column("key", cells.text(120, needed=True)),
    Column("event", cells.text(200, needed=True)),
    Column("name_en", cells.text(200, needed=True)),
    Column("name_zh", cells.text(200), needed=False),
    Column("module", cells.text(120), needed=False),
    Column("core", cells.flag),
    Column("kind", cells.one_of(USAGE_KINDS, "record"), needed=False),
    Column("depth_target_per_week", cells.weekly_target, needed=False),
)


def import_features(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds and changes features by `key`. Usage counted under an event name before it stood in
    the catalogue belongs to its feature at once. Raises ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("key",))
    known = {feature.key: feature for feature in session.scalars(select(Feature))}
    _check_events(table, known)
    table.check()
    found = compare(table, known, lambda row: row["key"])
    if not dry_run:
        _save(session, found)
        record(session, "feature.imported", "feature", "", **found.counts())
        session.commit()
    return found.report("feature", dry_run=dry_run)


def _check_events(table: Table, known: dict[str, Feature]) -> None:
    """An event name leads to one feature."""
    rewritten = {row.get("key") for _, row in table.rows}
    owners = {one.event: key for key, one in known.items() if key not in rewritten}
    for number, row in table.rows:
        if "event" not in row or "key" not in row:
            continue
        owner = owners.setdefault(row["event"], row["key"])
        if owner != row["key"]:
            table.refuse(number, "event", f"belongs to feature {owner!r} already")


def _save(session: Session, found: Comparison) -> None:
    # Two features may exchange their events in one file: none may keep its old one meanwhile.
    for feature, values in found.changed:
        if "event" in values:
            feature.event = f"\x1f{feature.key}"
    session.flush()
    found.apply()
    session.flush()
    position = session.scalar(select(func.max(Feature.position))) or 0
    for place, row in enumerate(found.new, position + 1):
        session.add(Feature(position=place, **row))
