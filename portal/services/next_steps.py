"""What an account could read next: texts that teach what its contract includes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.feature_names import feature_name
from portal.domain.knowledge import (
    BEST_PRACTICE,
    COURSE,
    CUSTOMER_CASE,
    FAQ,
    GUIDE,
    RELEASE_NOTE,
)
from portal.models import Feature, KnowledgeFeature, KnowledgeItem
from portal.search.views import preference
from portal.services.adoption import FeatureUse, show_adoption
from portal.services.audience import readable
from portal.services.knowledge import ItemLine, details
from portal.tenancy import scope_of
from portal.usage.entitlements import entitled

SHALLOW = 0.5
"""A depth below this is worth a practice, even where the feature is in use."""
# What helps most with a feature that nobody knows yet.
USEFUL = (BEST_PRACTICE, COURSE, GUIDE, CUSTOMER_CASE, FAQ, RELEASE_NOTE)


@dataclass(frozen=True, slots=True)
class NextStep:
    """A core feature that waits for more use, and the text that teaches it best."""

    feature: FeatureUse
    item: ItemLine


@dataclass(frozen=True, slots=True)
class Lesson:
    """A feature of the contract by its name in the reader's language, and a text on it."""

    feature_key: str
    feature: str
    item: ItemLine


def next_steps(session: Session, features: Sequence[FeatureUse]) -> list[NextStep]:
    """For unused core features first, then for shallow ones, the shallowest first. No text twice;
    a feature without a text is left out.
    """
    waiting = _waiting(features)
    taught = teaching(session, [one.key for one in waiting])
    steps, told = [], set()
    for feature in waiting:
        item = next((item for item in taught.get(feature.key, []) if item.slug not in told), None)
        if item is not None:
            told.add(item.slug)
            steps.append(NextStep(feature, item))
    return steps


def _waiting(features: Sequence[FeatureUse]) -> list[FeatureUse]:
    waiting = [one for one in features if one.core and (one.unused or (one.depth or 1) < SHALLOW)]
    return sorted(waiting, key=lambda one: (not one.unused, one.depth or 0.0))


def lessons(session: Session, account_key: str) -> list[Lesson]:
    """A text for each core feature that waits for more use, as `next_steps` has them; before the
    first use is known, for each of the contract in the catalogue's order.
    """
    now = show_adoption(session, account_key)
    if not now.coverage_days:
        return _of_contract(session)
    locale = scope_of(session).locale
    steps = next_steps(session, now.features)
    return [Lesson(one.feature.key, one.feature.name(locale), one.item) for one in steps]


def _of_contract(session: Session) -> list[Lesson]:
    rows = session.execute(
        entitled(Feature.key, Feature.name_en, Feature.name_zh)
        .where(Feature.core)
        .order_by(Feature.position, Feature.key)
    ).all()
    locale = scope_of(session).locale
    taught = teaching(session, [row.key for row in rows])
    return [
        Lesson(row.key, feature_name(locale, row.name_en, row.name_zh), taught[row.key][0])
        for row in rows
        if row.key in taught
    ]


def teaching(session: Session, keys: Iterable[str]) -> dict[str, list[ItemLine]]:
    """Feature → texts that the reader may read: those mainly about it first, and of these the
    practices, then the newest.
    """
    rows = session.execute(
        select(
            KnowledgeFeature.feature_key,
            KnowledgeFeature.position,
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeItem.published_on,
        )
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeFeature.item_id)
        .where(KnowledgeFeature.feature_key.in_(sorted(set(keys))), readable(session))
    ).all()
    lines = nearest(session, {row.slug for row in rows})
    order = {kind: place for place, kind in enumerate(USEFUL)}
    ranked = sorted(rows, key=lambda row: row.published_on, reverse=True)
    ranked.sort(key=lambda row: (row.position > 0, order.get(row.type, len(order))))
    found: dict[str, list[ItemLine]] = {}
    for row in ranked:
        if row.slug in lines:
            found.setdefault(row.feature_key, []).append(lines[row.slug])
    return found


def nearest(session: Session, slugs: Iterable[str]) -> dict[str, ItemLine]:
    """Each text in the reader's language or the nearest to it, by slug."""
    versions: dict[str, dict[str, ItemLine]] = {}
    for (slug, locale), line in details(session, slugs).items():
        versions.setdefault(slug, {})[locale] = line
    locale = scope_of(session).locale
    return {slug: held[preference(locale, sorted(held))[0]] for slug, held in versions.items()}
