from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.event_rules import RuleText, read_rules
from portal.domain.terms import LONGEST_NAME, TermKind, Wording
from portal.models import Feature
from portal.services.audit import record
from portal.services.catalogue.rules import drop_ignored, replace_rules, rule_owners
from portal.services.catalogue.version import raise_version
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
from portal.services.terms import set_terms
from portal.tenancy import scope_of

USAGE_KINDS = ("record", "process", "integration", "custom")
# They are of the module, so each of its rows says the same, or nothing.
MODULE_NAMES = ("module_name_en", "module_name_zh_hans", "module_name_zh_hant")
COLUMNS = (
    Column("key", cells.text(120, needed=True)),
    Column("event", read_rules),
    Column("name_en", cells.text(200, needed=True)),
    Column("name_zh", cells.text(200), needed=False),
    Column("module", cells.text(120), needed=False),
    Column("core", cells.flag),
    Column("kind", cells.one_of(USAGE_KINDS, "record"), needed=False),
    Column("depth_target_per_week", cells.weekly_target, needed=False),
    Column("activation", cells.flag, needed=False),
    Column("archived", cells.flag, needed=False),
    *(Column(name, cells.text(LONGEST_NAME), needed=False) for name in MODULE_NAMES),
)


@dataclass(slots=True)
class _Beside:
    """What the file says of features that is no column of theirs, by key."""

    rules: dict[str, tuple[RuleText, ...]] = field(default_factory=dict)
    archived: dict[str, bool] = field(default_factory=dict)
    modules: dict[tuple[str, str], Wording] = field(default_factory=dict)


def import_features(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds and changes features by `key`. `event` holds one rule or several, separated by `|` or
    `;` (domain/event_rules.py); a feature has exactly these afterwards. Usage counted under an
    event name before it stood in the catalogue belongs to its feature at once. Raises
    ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("key",))
    owners = rule_owners(session)
    _check_rules(table, owners)
    _check_modules(table)
    table.check()
    known = {feature.key: feature for feature in session.scalars(select(Feature))}
    beside = _set_apart(table)
    found = compare(table, known, lambda row: row["key"])
    _compare_beside(found, known, beside, owners)
    if not dry_run:
        _save(session, found, beside)
        record(session, "feature.imported", "feature", "", **found.counts())
        raise_version(session)
        session.commit()
    return found.report("feature", dry_run=dry_run)


def _check_rules(table: Table, stored: dict[RuleText, str | None]) -> None:
    """A rule leads to one feature; one that ignores events gives way."""
    rewritten = {row.get("key") for _, row in table.rows}
    owners = {text: key for text, key in stored.items() if key is not None and key not in rewritten}
    for number, row in table.rows:
        for text in row.get("event", ()) if "key" in row else ():
            owner = owners.setdefault(text, row["key"])
            if owner != row["key"]:
                table.refuse(number, "event", f"belongs to feature {owner!r} already")


def _check_modules(table: Table) -> None:
    said: dict[str, Wording] = {}
    for number, row in table.rows:
        wording = _wording(row)
        if row.get("module") and wording and said.setdefault(row["module"], wording) != wording:
            table.refuse(number, "module", "its names differ from those in a row above")


def _wording(row: Row) -> Wording:
    return Wording(*(row.get(name, "") for name in MODULE_NAMES))


def _set_apart(table: Table) -> _Beside:
    beside = _Beside()
    for _, row in table.rows:
        beside.rules[row["key"]] = row.pop("event")
        wording = _wording(row)
        if row.get("module") and wording:
            beside.modules[TermKind.MODULE.value, row["module"]] = wording
        for name in MODULE_NAMES:
            row.pop(name, None)
        if "archived" in row:
            beside.archived[row["key"]] = row.pop("archived")
    return beside


def _compare_beside(
    found: Comparison,
    known: dict[str, Feature],
    beside: _Beside,
    owners: dict[RuleText, str | None],
) -> None:
    """Features whose rules or archiving alone differ are changed as well."""
    own: dict[str | None, set[RuleText]] = {}
    for text, key in owners.items():
        own.setdefault(key, set()).add(text)
    changed = {stored.key for stored, _ in found.changed}
    for key, texts in beside.rules.items():
        if key not in known or key in changed:
            continue
        stored = known[key]
        archived = stored.archived_at is not None
        if set(texts) != own.get(key, set()) or beside.archived.get(key, archived) != archived:
            found.changed.append((stored, {}))


def _save(session: Session, found: Comparison, beside: _Beside) -> None:
    found.apply()
    position = session.scalar(select(func.max(Feature.position))) or 0
    features: list[Any] = [stored for stored, _ in found.changed]
    for place, row in enumerate(found.new, position + 1):
        features.append(Feature(position=place, **row))
    session.add_all(features)
    session.flush()
    now = scope_of(session).now
    for feature in features:
        if feature.key in beside.archived:
            kept = feature.archived_at or now
            feature.archived_at = kept if beside.archived[feature.key] else None
    for feature in features:
        drop_ignored(session, beside.rules[feature.key])
    set_terms(session, beside.modules)
    replace_rules(session, {feature.id: beside.rules[feature.key] for feature in features})
