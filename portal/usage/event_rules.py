"""The catalogue's rules out of the database, ready to use."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.domain.event_rules import Resolver, Rule, RuleText, resolver_of
from portal.models import EventRule, Feature, UsageName
from portal.usage.bitmaps import union_of

Used = tuple[int, Any]
KEPT = "event rules"


def read_rules(session: Session) -> tuple[Rule, ...]:
    wanted = (
        select(
            EventRule.id,
            EventRule.feature_id,
            EventRule.pattern,
            EventRule.member,
            EventRule.value,
            EventRule.operator,
            EventRule.ready,
            and_(Feature.activation, Feature.archived_at.is_(None)).label("activation"),
        )
        .outerjoin(Feature, Feature.id == EventRule.feature_id)
        .order_by(EventRule.id)
    )
    return tuple(
        Rule(
            row.id,
            row.feature_id,
            RuleText(row.pattern, row.member, row.value, row.operator),
            row.ready,
            bool(row.activation),
        )
        for row in session.execute(wanted)
    )


def read_resolver(session: Session) -> Resolver:
    """Read once for the life of a session that changes nothing."""
    kept: Resolver | None = session.info.get(KEPT)
    if kept is None:
        kept = resolver_of(read_rules(session))
        if not session.info.get("writes", True):
            session.info[KEPT] = kept
    return kept


def by_feature(resolver: Resolver, names: Mapping[str, Used]) -> dict[int, Used]:
    """Feature → events and persons, from those of counted names: events are summed, persons are
    different ones.
    """
    counts: dict[int, int] = {}
    users: dict[int, list[Any]] = {}
    for name, (events, persons) in names.items():
        feature = resolver.feature_of(name)
        if feature is not None:
            counts[feature] = counts.get(feature, 0) + events
            users.setdefault(feature, []).append(persons)
    return {feature: (counts[feature], union_of(users[feature])) for feature in counts}


def list_names(session: Session) -> list[str]:
    """Every counted name, of any account."""
    return list(session.scalars(select(UsageName.name)))


def read_activation(session: Session) -> list[str] | None:
    """The counted names that are activation events; None where any event is one, as the vendor
    names none.
    """
    resolver = read_resolver(session)
    if not resolver.names_activation:
        return None
    rules = {name: resolver.rule_of(name) for name in list_names(session)}
    return [name for name, rule in rules.items() if rule is not None and rule.activation]
