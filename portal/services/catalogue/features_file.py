"""The catalogue in the form in which `import_features` reads it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.terms import TermKind, Wording
from portal.models import Feature
from portal.services.imports.features import MODULE_NAMES
from portal.services.terms import read_terms
from portal.usage.event_rules import read_rules


def export_rows(session: Session) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows in the form in which they are imported again."""
    texts: dict[int | None, list[str]] = {}
    for rule in read_rules(session):
        texts.setdefault(rule.feature, []).append(rule.text.written)
    columns = ("key", "event", "name_en", "name_zh", "module", "core", "kind")
    terms = read_terms(session).wordings
    rows = session.scalars(select(Feature).order_by(Feature.position, Feature.key))
    return (*columns, "depth_target_per_week", "activation", "archived", *MODULE_NAMES), [
        (
            row.key,
            "|".join(texts.get(row.id, ())),
            row.name_en,
            row.name_zh,
            row.module,
            _flag(row.core),
            row.kind,
            row.depth_target_per_week,
            _flag(row.activation),
            _flag(row.archived_at is not None),
            *_names(terms.get((TermKind.MODULE, row.module), Wording())),
        )
        for row in rows
    ]


def _names(wording: Wording) -> tuple[str, str, str]:
    return wording.english, wording.simplified, wording.traditional


def _flag(value: bool) -> str:  # noqa: FBT001 # the one thing that is said
    return "yes" if value else "no"
