"""Editions: sets of features that the vendor sells under one name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.feature_names import feature_name
from portal.models import Account, Edition, EditionFeature, Feature
from portal.services.audit import record
from portal.services.catalogue.version import raise_version


@dataclass(frozen=True, slots=True)
class EditionLine:
    """`features` are keys; `accounts` counts those that have it."""

    key: str
    name_en: str
    name_zh: str
    features: frozenset[str]
    accounts: int

    def name(self, locale: str) -> str:
        return feature_name(locale, self.name_en, self.name_zh)


def list_editions(session: Session) -> list[EditionLine]:
    """In their order."""
    contents: dict[int, set[str]] = {}
    pairs = select(EditionFeature.edition_id, Feature.key).join(
        Feature, Feature.id == EditionFeature.feature_id
    )
    for edition, key in session.execute(pairs):
        contents.setdefault(edition, set()).add(key)
    counted = select(Account.edition_id, func.count(Account.id)).group_by(Account.edition_id)
    accounts = {row[0]: int(row[1]) for row in session.execute(counted)}
    rows = session.execute(
        select(Edition.id, Edition.key, Edition.name_en, Edition.name_zh).order_by(
            Edition.position, Edition.key
        )
    )
    return [
        EditionLine(
            row.key,
            row.name_en,
            row.name_zh,
            frozenset(contents.get(row.id, ())),
            accounts.get(row.id, 0),
        )
        for row in rows
    ]


def show_edition(session: Session, key: str) -> EditionLine:
    """Raises NotFound."""
    found = next((one for one in list_editions(session) if one.key == key), None)
    if found is None:
        raise NotFound(f"There is no edition {key[:120]}.")
    return found


def create_edition(
    session: Session, key: str, name_en: str, name_zh: str, features: Iterable[str]
) -> None:
    """Raises Conflict (key) and Invalid (features)."""
    if session.scalar(select(Edition.id).where(Edition.key == key)) is not None:
        said = "There is an edition of that key already."
        raise Conflict(said, code="edition-exists", fields={"key": said})
    last = session.scalar(select(func.max(Edition.position))) or 0
    edition = Edition(key=key, name_en=name_en, name_zh=name_zh, position=last + 1)
    session.add(edition)
    session.flush()
    _fill(session, edition.id, set(features))
    _done(session, "edition.created", key, name=name_en)


def change_edition(
    session: Session, key: str, name_en: str, name_zh: str, features: Iterable[str]
) -> None:
    """For all accounts that have it. Raises NotFound and Invalid (features)."""
    edition = _find(session, key)
    before, after = show_edition(session, key).features, set(features)
    edition.name_en, edition.name_zh = name_en, name_zh
    _fill(session, edition.id, after)
    added, removed = sorted(after - before), sorted(before - after)
    _done(session, "edition.changed", key, name=name_en, added=added, removed=removed)


def delete_edition(session: Session, key: str) -> None:
    """Raises NotFound, and Conflict while accounts have it."""
    if show_edition(session, key).accounts:
        raise Conflict("Accounts have this edition. Give them another first.", code="edition-used")
    session.delete(_find(session, key))
    _done(session, "edition.deleted", key)


def _find(session: Session, key: str) -> Edition:
    edition = session.scalar(select(Edition).where(Edition.key == key))
    if edition is None:
        raise NotFound(f"There is no edition {key[:120]}.")
    return edition


def _fill(session: Session, edition_id: int, features: set[str]) -> None:
    ids = feature_ids(session, features)
    session.execute(delete(EditionFeature).where(EditionFeature.edition_id == edition_id))
    session.add_all(EditionFeature(edition_id=edition_id, feature_id=one) for one in ids.values())


def feature_ids(session: Session, keys: set[str]) -> dict[str, int]:
    """Raises Invalid (features) for a key that nothing has."""
    rows = session.execute(select(Feature.key, Feature.id))
    ids = {row.key: row.id for row in rows if row.key in keys}
    if len(ids) < len(keys):
        said = "Choose features of the catalogue."
        raise Invalid(said, code="unknown-feature", fields={"features": said})
    return ids


def _done(session: Session, action: str, key: str, **details: Any) -> None:
    record(session, action, "edition", key, **details)
    raise_version(session)
    session.commit()
