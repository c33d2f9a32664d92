"""Features made, changed, put in order and archived. Each commits."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.event_rules import RuleText, read_rules
from portal.models import Feature
from portal.services.audit import record
from portal.services.catalogue.features import FeatureFacts, facts_of
from portal.services.catalogue.rules import drop_ignored, replace_rules, rule_owners
from portal.services.catalogue.version import raise_version
from portal.tenancy import scope_of


def create_feature(session: Session, facts: FeatureFacts, events: str = "") -> None:
    """At the end of the order, with the rules that `events` writes. Raises Conflict (key, events)
    and Invalid (events).
    """
    rules = _free_rules(session, events)
    if session.scalar(select(Feature.id).where(Feature.key == facts.key)) is not None:
        said = "There is a feature of that key already."
        raise Conflict(said, code="feature-exists", fields={"key": said})
    last = session.scalar(select(func.max(Feature.position))) or 0
    made = Feature(position=last + 1, **asdict(facts))
    session.add(made)
    session.flush()
    drop_ignored(session, rules)
    replace_rules(session, {made.id: rules})
    _done(session, "feature.created", facts.key, name=facts.name_en, rules=list(map(str, rules)))


def _free_rules(session: Session, events: str) -> tuple[RuleText, ...]:
    try:
        rules = read_rules(events)
    except ValueError as wrong:
        raise Invalid(str(wrong), code="bad-rule", fields={"events": str(wrong)}) from None
    owners = rule_owners(session)
    taken = [text for text in rules if owners.get(text) is not None]
    if taken:
        said = f"{taken[0]} belongs to feature {owners[taken[0]]!r} already."
        raise Conflict(said, code="rule-taken", fields={"events": said})
    return rules


def change_feature(session: Session, key: str, facts: FeatureFacts) -> None:
    """The key itself stays: imports and addresses go by it. Raises NotFound."""
    row = find_feature(session, key)
    before = facts_of(row)
    changed = {}
    for name, value in asdict(facts).items():
        if name != "key" and getattr(before, name) != value:
            setattr(row, name, value)
            changed[name] = value if isinstance(value, bool) else str(value)
    if changed:
        _done(session, "feature.changed", key, **changed)


def archive_feature(session: Session, key: str) -> None:
    """It takes part in no figure from now on; its rules, uses and contracts stay as they are."""
    row = find_feature(session, key)
    if row.archived_at is None:
        row.archived_at = scope_of(session).now
        _done(session, "feature.archived", key)


def restore_feature(session: Session, key: str) -> None:
    row = find_feature(session, key)
    if row.archived_at is not None:
        row.archived_at = None
        _done(session, "feature.restored", key)


def move_feature(session: Session, key: str, step: int) -> None:
    """Past its next neighbour that is not archived: up with -1, down with 1. Raises NotFound and
    Invalid.
    """
    if step not in {-1, 1}:
        raise Invalid("A feature moves up or down by one place.", code="bad-step")
    moved = find_feature(session, key)
    rows = list(session.scalars(select(Feature).order_by(Feature.position, Feature.key)))
    shown = [row for row in rows if row.archived_at is None or row is moved]
    place = shown.index(moved) + step
    if not 0 <= place < len(shown):
        return
    neighbour = shown[place]
    rows.remove(moved)
    rows.insert(rows.index(neighbour) + (step > 0), moved)
    for position, row in enumerate(rows, 1):
        row.position = position
    _done(session, "feature.moved", key, step=step)


def find_feature(session: Session, key: str) -> Feature:
    row = session.scalar(select(Feature).where(Feature.key == key))
    if row is None:
        raise NotFound(f"There is no feature {key[:120]}.")
    return row


def _done(session: Session, action: str, key: str, **details: Any) -> None:
    record(session, action, "feature", key, **details)
    raise_version(session)
    session.commit()
