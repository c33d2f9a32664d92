"""Conditions of rules: which of them an event meets, told by the name under which it is counted.

A rule with a condition has a say only when all of history is counted by it (usage/refold.py); from
the moment it is stored on, every fold counts by it, or begins anew (`announce`).
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.event_rules import Rule, RuleText, fits, variant
from portal.models import EventRule, UsageFold
from portal.usage.messages import Gathering


class _Holder(msgspec.Struct, gc=False):
    properties: Any = None


_decode = msgspec.json.Decoder(_Holder, strict=True).decode


class Conditions:
    """The rules with a condition, put to use."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._fitting: dict[str, list[Rule]] = {}

    def __bool__(self) -> bool:
        return bool(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Conditions) and self.rules == other.rules

    def __hash__(self) -> int:
        return hash(self.rules)

    def mark(self, into: Gathering, first: int, raws: Sequence[Any]) -> None:
        """Renames the messages from number `first` on that meet conditions. `raws` is the row
        that they were read from.
        """
        names, places = into.columns.name, into.columns.place
        for index in range(first, len(names)):
            name = into.names.texts[names[index]]
            rules = self.fitting(name)
            if rules:
                met = self.met(rules, raws[places[index]])
                names[index] = into.names.number_of(variant(name, met))

    def fitting(self, name: str) -> list[Rule]:
        """Those whose pattern fits the name."""
        known = self._fitting.get(name)
        if known is None:
            known = [rule for rule in self.rules if fits(rule.text.pattern, name)]
            self._fitting[name] = known
        return known

    def met(self, rules: Sequence[Rule], raw: Any) -> list[int]:
        """Ids of those whose property is as it shall be."""
        try:
            properties = _decode(raw).properties
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return []
        return self.met_by(rules, properties)

    def met_by(self, rules: Sequence[Rule], properties: Any) -> list[int]:
        return [
            rule.id for rule in rules if rule.text.met_by(said_of(properties, rule.text.member))
        ]


NO_CONDITIONS = Conditions()
# The columns of a RuleText, in its order.
RULE_TEXT = (EventRule.pattern, EventRule.member, EventRule.value, EventRule.operator)


def said_of(properties: Any, member: str) -> str | None:
    """The property as text; `a.b` is also b of a. None where it is missing, or no text, number
    or truth.
    """
    value = properties
    if isinstance(properties, dict) and member in properties:
        value = properties[member]
    else:
        for part in member.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value) if isinstance(value, str | int) else None


def read_conditions(session: Session) -> Conditions:
    """Whether they are ready yet plays no part: events are counted by all of them."""
    wanted = select(EventRule.id, *RULE_TEXT)
    rows = session.execute(wanted.where(EventRule.member != "").order_by(EventRule.id))
    return Conditions([Rule(number, None, RuleText(*text)) for number, *text in rows])


def announce(session: Session) -> None:
    """Has every fold under way begin anew after the caller's commit, with the rules of then."""
    session.execute(
        update(UsageFold)
        .where(UsageFold.id == 1)
        .values(version=UsageFold.version + 1)
        .execution_options(synchronize_session=False)
    )
