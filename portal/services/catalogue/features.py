"""Features as lists and pages show them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.event_rules import resolver_of
from portal.domain.feature_names import feature_name
from portal.domain.paging import place_in
from portal.domain.terms import TermKind
from portal.models import Account, Feature
from portal.services.catalogue.editions import list_editions
from portal.services.catalogue.names import month_begins
from portal.services.catalogue.rules import RuleView, list_rules
from portal.services.terms import read_terms
from portal.tenancy import scope_of
from portal.usage.entitlements import entitled
from portal.usage.event_rules import read_rules
from portal.usage.queries import read_name_totals

KINDS = ("record", "process", "integration", "custom")
PAGE_SIZE = 50
ACTIVE, ARCHIVED = "active", "archived"


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """What an administrator says of a feature. `target`: uses per person and week."""

    key: str
    name_en: str
    name_zh: str = ""
    module: str = ""
    core: bool = False
    kind: str = KINDS[0]
    depth_target_per_week: Decimal | None = None
    activation: bool = False


@dataclass(frozen=True, slots=True)
class FeatureLine:
    """`rules` as they are written; `events` of the last 30 days, all accounts together;
    `accounts` are those entitled to it; `module` is the name of its module.
    """

    id: int
    facts: FeatureFacts
    archived: bool
    rules: tuple[str, ...]
    events: int
    accounts: int
    module: str

    def name(self, locale: str) -> str:
        return feature_name(locale, self.facts.name_en, self.facts.name_zh)


@dataclass(frozen=True, slots=True)
class FeatureQuestion:
    """`text` is part of a name, key or rule; empty strings mean any; `sort` is one of SORTS."""

    text: str = ""
    module: str = ""
    kind: str = ""
    core: str = ""
    state: str = ACTIVE
    sort: str = "order"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """`modules`: key and name of all there are. `movable`: the rows stand in the catalogue's own
    order.
    """

    rows: list[FeatureLine]
    modules: list[tuple[str, str]]
    counts: dict[str, int]
    total: int
    page: int
    pages: int
    first: int
    movable: bool


SORTS: dict[str, Callable[[FeatureLine], Any]] = {
    "order": lambda _line: 0,
    "name": lambda line: line.facts.name_en.casefold(),
    "module": lambda line: line.module.casefold(),
    "kind": lambda line: line.facts.kind,
    "target": lambda line: line.facts.depth_target_per_week or Decimal(0),
    "events": lambda line: line.events,
    "accounts": lambda line: line.accounts,
}


def list_features(session: Session, question: FeatureQuestion) -> FeaturePage:
    lines = all_features(session)
    counts = {
        ACTIVE: sum(1 for line in lines if not line.archived),
        ARCHIVED: sum(1 for line in lines if line.archived),
    }
    found = [line for line in lines if _fits(line, question)]
    found.sort(key=SORTS[question.sort], reverse=question.descending)
    at = place_in(len(found), PAGE_SIZE, question.page)
    plain = (question.text, question.module, question.kind, question.core) == ("",) * 4
    return FeaturePage(
        rows=found[at.offset : at.offset + PAGE_SIZE],
        modules=_modules(lines),
        counts=counts,
        total=len(found),
        page=at.page,
        pages=at.pages,
        first=at.first,
        movable=plain and question.sort == "order" and question.state == ACTIVE,
    )


def _modules(lines: list[FeatureLine]) -> list[tuple[str, str]]:
    names = {line.facts.module: line.module for line in lines if line.facts.module}
    return sorted(names.items(), key=lambda one: one[1].casefold())


def _fits(line: FeatureLine, question: FeatureQuestion) -> bool:
    facts, wanted = line.facts, question.text.strip().casefold()
    texts = (facts.key, facts.name_en, facts.name_zh, line.module, *line.rules)
    return (
        line.archived == (question.state == ARCHIVED)
        and question.module in {"", facts.module}
        and question.kind in {"", facts.kind}
        and question.core in {"", "yes" if facts.core else "no"}
        and any(wanted in text.casefold() for text in texts)
    )


def all_features(session: Session) -> list[FeatureLine]:
    """In the catalogue's order, archived ones included."""
    rules = read_rules(session)
    resolver = resolver_of(rules)
    events: dict[int, int] = {}
    for name, _account, count in read_name_totals(session, month_begins(session)):
        feature = resolver.feature_of(name)
        if feature is not None:
            events[feature] = events.get(feature, 0) + count
    accounts, terms = _entitled_accounts(session), read_terms(session)
    rows = session.scalars(select(Feature).order_by(Feature.position, Feature.key))
    return [
        FeatureLine(
            row.id,
            facts_of(row),
            row.archived_at is not None,
            tuple(str(rule.text) for rule in rules if rule.feature == row.id),
            events.get(row.id, 0),
            accounts.get(row.id, 0),
            terms.name(TermKind.MODULE, row.module),
        )
        for row in rows
    ]


def facts_of(row: Feature) -> FeatureFacts:
    return FeatureFacts(
        row.key,
        row.name_en,
        row.name_zh,
        row.module,
        row.core,
        row.kind,
        row.depth_target_per_week,
        row.activation,
    )


def _entitled_accounts(session: Session) -> dict[int, int]:
    pairs = entitled(Feature.id.label("feature"), Account.id).subquery()
    counted = select(pairs.c.feature, func.count()).group_by(pairs.c.feature)
    return {row[0]: int(row[1]) for row in session.execute(counted)}


@dataclass(frozen=True, slots=True)
class FeatureView:
    line: FeatureLine
    rules: list[RuleView]
    editions: list[str]


def show_feature(session: Session, key: str) -> FeatureView:
    """`editions` are the keys of those that hold it. Raises NotFound."""
    line = next((one for one in all_features(session) if one.facts.key == key), None)
    if line is None:
        raise NotFound(f"There is no feature {key[:120]}.")
    editions = [one.key for one in list_editions(session) if key in one.features]
    return FeatureView(line, list_rules(session, key), editions)


def list_feature_names(session: Session, locale: str) -> list[tuple[str, str]]:
    """Key and name of the features that are not archived, in the catalogue's order."""
    rows = session.execute(
        select(Feature.key, Feature.name_en, Feature.name_zh)
        .where(Feature.archived_at.is_(None))
        .order_by(Feature.position, Feature.key)
    )
    return [(row.key, feature_name(locale, row.name_en, row.name_zh)) for row in rows]


def list_choices(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """Key and name of the features that are not archived, by the name of their module."""
    locale, terms = scope_of(session).locale, read_terms(session)
    rows = session.execute(
        select(Feature.module, Feature.key, Feature.name_en, Feature.name_zh)
        .where(Feature.archived_at.is_(None))
        .order_by(Feature.position, Feature.key)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        name = feature_name(locale, row.name_en, row.name_zh)
        found.setdefault(terms.name(TermKind.MODULE, row.module), []).append((row.key, name))
    return sorted(found.items(), key=lambda one: one[0].casefold())
