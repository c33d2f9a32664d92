"""Features that texts teach, by name."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain import feature_names
from portal.models import Feature, KnowledgeFeature
from portal.tenancy import scope_of


def feature_name(session: Session, key: str) -> str:
    return feature_names_of(session, [key])[key]


def feature_names_of(session: Session, keys: Collection[str]) -> dict[str, str]:
    """In the reader's language; made of the key where the catalogue does not know it."""
    if not keys:
        return {}
    rows = session.execute(
        select(Feature.key, Feature.name_en, Feature.name_zh).where(Feature.key.in_(sorted(keys)))
    )
    known = {key: (english, chinese) for key, english, chinese in rows}
    locale = scope_of(session).locale
    return {key: _name_of(key, *known.get(key, (None, None)), locale=locale) for key in keys}


def features_taught(session: Session, item_id: int) -> list[tuple[str, str]]:
    """(key, name) of what the text teaches, in its author's order."""
    rows = session.execute(
        select(KnowledgeFeature.feature_key, Feature.name_en, Feature.name_zh)
        .outerjoin(Feature, Feature.key == KnowledgeFeature.feature_key)
        .where(KnowledgeFeature.item_id == item_id)
        .order_by(KnowledgeFeature.position)
    )
    locale = scope_of(session).locale
    return [(key, _name_of(key, english, chinese, locale=locale)) for key, english, chinese in rows]


def _name_of(key: str, english: str | None, chinese: str | None, *, locale: str) -> str:
    return feature_names.feature_name(
        locale, english or key.replace("-", " ").capitalize(), chinese or ""
    )
