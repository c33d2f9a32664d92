"""Which events belong to which feature: rules added, moved and taken away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.event_rules import MOST_CONDITIONS, RuleText
from portal.models import EventRule, Feature
from portal.services.audit import record
from portal.services.catalogue.version import raise_version
from portal.services.jobs import enqueue
from portal.usage.conditions import RULE_TEXT, announce

REFOLD = "usage.refold"
TOO_MANY = f"There are {MOST_CONDITIONS} rules with a condition already. Take one away first."


def rule_owners(session: Session) -> dict[RuleText, str | None]:
    """Each rule and the key of its feature; None for events that are ignored."""
    rows = session.execute(
        select(Feature.key, *RULE_TEXT)
        .select_from(EventRule)
        .outerjoin(Feature, Feature.id == EventRule.feature_id)
    )
    return {RuleText(*text): key for key, *text in rows}


@dataclass(frozen=True, slots=True)
class RuleView:
    """`waits`: its condition has no say yet, as history is still being counted by it."""

    key: str
    text: RuleText
    waits: bool


def list_rules(session: Session, feature_key: str | None) -> list[RuleView]:
    """Of a feature, or (None) those that ignore events; the oldest first."""
    wanted = select(EventRule).outerjoin(Feature, Feature.id == EventRule.feature_id)
    if feature_key is None:
        wanted = wanted.where(EventRule.feature_id.is_(None))
    else:
        wanted = wanted.where(Feature.key == feature_key)
    rules = session.scalars(wanted.order_by(EventRule.id))
    return [RuleView(rule.key, text_of(rule), not rule.ready) for rule in rules]


def add_rule(session: Session, feature_key: str | None, text: RuleText) -> None:
    """The events belong to the feature from now on, or (None) are ignored; the rule may have been
    another feature's. Raises NotFound and Invalid. Commits.
    """
    feature_id = None if feature_key is None else _feature_id(session, feature_key)
    rule = session.scalar(select(EventRule).where(*_is(text)))
    if rule is None:
        add_rule_row(session, feature_id, text)
    else:
        rule.feature_id = feature_id
    _done(session, "event-rule.added" if rule is None else "event-rule.moved", feature_key, text)


def remove_rule(session: Session, key: str) -> RuleText:
    """What it was. Raises NotFound. Commits."""
    found = session.execute(
        select(EventRule, Feature.key)
        .outerjoin(Feature, Feature.id == EventRule.feature_id)
        .where(EventRule.key == key)
    ).one_or_none()
    if found is None:
        raise NotFound
    rule, feature_key = found
    text = text_of(rule)
    session.delete(rule)
    _done(session, "event-rule.removed", feature_key, text)
    return text


def _feature_id(session: Session, key: str) -> int:
    found = session.scalar(select(Feature.id).where(Feature.key == key))
    if found is None:
        raise NotFound(f"There is no feature {key[:120]}.")
    return found


def _done(session: Session, action: str, feature_key: str | None, text: RuleText) -> None:
    record(session, action, "feature", feature_key or "", rule=str(text))
    raise_version(session)
    session.commit()


def replace_rules(session: Session, wanted: Mapping[int, Iterable[RuleText]]) -> None:
    """Gives each feature exactly these rules, in the caller's transaction; one that it has
    already stays as it is. Features may exchange rules. Raises Invalid.
    """
    stored = session.scalars(select(EventRule).where(EventRule.feature_id.in_(list(wanted)))).all()
    known: dict[int | None, dict[RuleText, EventRule]] = {feature: {} for feature in wanted}
    for rule in stored:
        known[rule.feature_id][text_of(rule)] = rule
    new = []
    for feature, texts in wanted.items():
        asked = set(texts)
        for text, rule in known[feature].items():
            if text not in asked:
                session.delete(rule)
        new += [(feature, text) for text in texts if text not in known[feature]]
    session.flush()
    for feature, text in new:
        add_rule_row(session, feature, text)


def add_rule_row(session: Session, feature_id: int | None, text: RuleText) -> EventRule:
    """In the caller's transaction; nobody may have the same rule. A rule with a condition waits
    until history is counted by it. Raises Invalid.
    """
    if text.conditioned and len(conditioned(session)) >= MOST_CONDITIONS:
        raise Invalid(TOO_MANY, code="too-many-conditions")
    rule = EventRule(
        feature_id=feature_id,
        pattern=text.pattern,
        member=text.member,
        value=text.value,
        operator=text.operator,
        ready=not text.conditioned,
    )
    session.add(rule)
    session.flush()
    if text.conditioned:
        announce(session)
        enqueue(session, REFOLD, {}, unique_key=REFOLD)
    return rule


def conditioned(session: Session) -> list[int]:
    """Ids of the rules with a condition."""
    return list(session.scalars(select(EventRule.id).where(EventRule.member != "")))


def drop_ignored(session: Session, texts: Iterable[RuleText]) -> None:
    """Events that are mapped are no longer ignored."""
    for text in texts:
        session.execute(delete(EventRule).where(EventRule.feature_id.is_(None), *_is(text)))


def text_of(rule: EventRule) -> RuleText:
    return RuleText(rule.pattern, rule.member, rule.value, rule.operator)


def _is(text: RuleText) -> list[ColumnElement[bool]]:
    """That a stored rule is the one that is written so."""
    return [column == getattr(text, column.key) for column in RULE_TEXT]
