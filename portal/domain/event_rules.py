"""Which feature an event belongs to: rules by its name, and by a property of it where asked.

A rule's pattern is a name, or has `*` for any run of characters. Of all rules that fit an event
one decides: the one that names it most precisely (a whole name before a pattern, then the longer
pattern), of equals the one with a condition, of these the oldest. So an event belongs to one
feature at most, and counts there once.

An event that meets conditions is counted under a name of its own (`variant`), which tells the
conditions that it met: feature and figures follow from the names alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import chain

LONGEST_PATTERN, LONGEST_PROPERTY, LONGEST_VALUE = 200, 120, 120
ANY = "*"
# Between an event's name and the conditions that it met; no name holds it from now on.
VARIANT = "\x1f"
MOST_CONDITIONS = 40
# Counts names for which there is no room of their own (usage/rollups.py): of nobody's feature.
OTHER_NAME = "(other)"
SPECIAL = re.compile(r"([\\|;=\[\]~^<>])")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SEPARATORS = re.compile(r"(?<!\\)[|;]")
_PLAIN = r"(?:\\.|[^\\\[\]])*?"
_NAME = r"(?:\\.|[^\\\[\]=~^<>])+?"
_COMPARED = rf"(?P<operator>~=|\^=|>=|<=|=)\s*(?P<value>{_PLAIN})\s*"
WORDS = re.compile(
    rf"(?P<pattern>{_PLAIN})\s*(?:\[\s*(?P<property>{_NAME})\s*(?:{_COMPARED})?\])?",
    re.DOTALL,
)
NUMBER = re.compile(
    r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,3})?", re.ASCII | re.IGNORECASE
)


class Operator(StrEnum):
    """How a property is held against a value; one that is missing meets none of them. ONE_OF: its
    value is several, separated by commas. AT_LEAST and AT_MOST compare numbers. EXISTS has no
    value.
    """

    EQUALS = "="
    ONE_OF = "~="
    BEGINS = "^="
    AT_LEAST = ">="
    AT_MOST = "<="
    EXISTS = "?"


@dataclass(frozen=True, slots=True, order=True)
class RuleText:
    """A rule as it is written: `report.shared`, `report.*`, `report.exported [format=pdf]`: there
    `member` is the property asked for. Or `[format~=pdf,csv]`, `[format^=pd]`, `[pages>=10]`,
    `[pages<=10]`, `[format]`.
    """

    pattern: str
    member: str = ""
    value: str = ""
    operator: str = Operator.EQUALS.value

    @property
    def conditioned(self) -> bool:
        return bool(self.member)

    @property
    def exact(self) -> bool:
        return ANY not in self.pattern

    def __str__(self) -> str:
        if not self.member:
            return self.pattern
        compared = "" if self.operator == Operator.EXISTS else f"{self.operator}{self.value}"
        return f"{self.pattern} [{self.member}{compared}]"

    @property
    def written(self) -> str:
        """As `read_rule` reads it, whatever signs are in it."""
        pattern, member, value = (
            SPECIAL.sub(r"\\\1", one) for one in (self.pattern, self.member, self.value)
        )
        return str(RuleText(pattern, member, value, self.operator))

    def met_by(self, said: str | None) -> bool:
        """By what the event says of the property, None where it says nothing."""
        return said is not None and _HOLDS[self.operator](said, self.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """`feature` None: the event is ignored. One with a condition has a say once it is `ready`:
    when history is counted by it. `activation`: its events are activation events.
    """

    id: int
    feature: int | None
    text: RuleText
    ready: bool = True
    activation: bool = False

    @property
    def weight(self) -> tuple[bool, int, bool, int]:
        literal = len(self.text.pattern.replace(ANY, ""))
        return self.text.exact, literal, self.text.conditioned, -self.id


def read_rule(words: str) -> RuleText:
    """A backslash takes its meaning from the sign behind it. Raises ValueError with a sentence."""
    match = WORDS.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"{words.strip()[:80]!r} is no event name, nor one with [property=value]")
    pattern, name, value = (
        ESCAPED.sub(r"\1", match[part] or "") for part in ("pattern", "property", "value")
    )
    operator = match["operator"] or (Operator.EXISTS if match["property"] else Operator.EQUALS)
    return make_rule(pattern, name, value, operator)


def make_rule(
    pattern: str, name: str = "", value: str = "", operator: str = Operator.EQUALS
) -> RuleText:
    """Raises ValueError with a sentence."""
    pattern, name, value = pattern.strip(), name.strip().removeprefix("properties."), value.strip()
    if not pattern or not pattern.replace(ANY, ""):
        raise ValueError("an event name is missing")
    if pattern == OTHER_NAME:
        raise ValueError(f"{OTHER_NAME} stands for many names; map a pattern that fits them")
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"an event name has at most {LONGEST_PATTERN} characters")
    if len(name) > LONGEST_PROPERTY or len(value) > LONGEST_VALUE:
        raise ValueError(f"property and value have at most {LONGEST_VALUE} characters")
    if any(ord(letter) < ord(" ") for letter in pattern + name + value):
        raise ValueError("holds a control character")
    if not name:
        if value:
            raise ValueError("a value needs its property")
        return RuleText(pattern)
    return RuleText(pattern, name, _checked_value(operator, value), Operator(operator).value)


def _checked_value(operator: str, value: str) -> str:
    if operator not in set(Operator):
        raise ValueError(f"{operator[:10]!r} is no way to compare")
    if operator == Operator.EXISTS:
        return ""
    if operator in {Operator.AT_LEAST, Operator.AT_MOST} and not NUMBER.fullmatch(value):
        raise ValueError("a number is compared with a number")
    if operator in {Operator.ONE_OF, Operator.BEGINS} and not value.strip(" ,"):
        raise ValueError("a value is missing")
    return value


def _one_of(said: str, value: str) -> bool:
    return said in {one.strip() for one in value.split(",") if one.strip()}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _at_least(said: str, value: str) -> bool:
    one, other = _number(said), _number(value)
    return one is not None and other is not None and one >= other


_HOLDS: dict[str, Callable[[str, str], bool]] = {
    Operator.EQUALS: lambda said, value: said == value,
    Operator.ONE_OF: _one_of,
    Operator.BEGINS: lambda said, value: said.startswith(value),
    Operator.AT_LEAST: _at_least,
    Operator.AT_MOST: lambda said, value: _at_least(value, said),
    Operator.EXISTS: lambda _said, _value: True,
}


def read_rules(words: str) -> tuple[RuleText, ...]:
    """Several, separated by `|` or `;`; each once, in order. Raises ValueError."""
    found = [read_rule(part) for part in SEPARATORS.split(words) if part.strip()]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def pattern_of(text: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.split(r"\*+", text)]
    return re.compile(".*".join(parts), re.DOTALL)


def fits(pattern: str, name: str) -> bool:
    return pattern == name or (ANY in pattern and pattern_of(pattern).fullmatch(name) is not None)


def variant(name: str, met: Iterable[int]) -> str:
    """The name under which an event is counted that met the conditions of these rules."""
    ids = sorted(met)
    return f"{name}{VARIANT}{','.join(map(str, ids))}" if ids else name


def read_variant(text: str) -> tuple[str, frozenset[int]]:
    """The event's name, and the rules whose conditions it met."""
    name, _, met = text.partition(VARIANT)
    return name, frozenset(int(one) for one in met.split(",") if one.isascii() and one.isdigit())


class Resolver:
    """Rules put to use. Names are those under which events are counted, variants included.
    `conditions`: the rules with a condition that history is counted by.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        ordered = sorted(rules, key=lambda rule: rule.weight, reverse=True)
        self._exact: dict[str, list[Rule]] = {}
        for rule in ordered:
            if rule.text.exact:
                self._exact.setdefault(rule.text.pattern, []).append(rule)
        self._patterns = [rule for rule in ordered if not rule.text.exact]
        self._known: dict[str, Rule | None] = {}
        self.names_activation = any(rule.activation for rule in rules)
        self.conditions = frozenset(
            rule.id for rule in rules if rule.text.conditioned and rule.ready
        )

    def rule_of(self, counted: str) -> Rule | None:
        """The rule that decides; None where no rule fits."""
        try:
            return self._known[counted]
        except KeyError:
            found = self._known[counted] = self.decide(counted)
            return found

    def feature_of(self, counted: str) -> int | None:
        rule = self.rule_of(counted)
        return None if rule is None else rule.feature

    def decide(self, counted: str) -> Rule | None:
        """Like `rule_of`, and remembers nothing: for names that may never come again."""
        name, met = read_variant(counted)
        if name == OTHER_NAME:
            return None
        for rule in chain(self._exact.get(name, []), self._patterns):
            if not fits(rule.text.pattern, name):
                continue
            if not rule.text.conditioned or (rule.ready and rule.id in met):
                return rule
        return None


@lru_cache(maxsize=32)
def resolver_of(rules: tuple[Rule, ...]) -> Resolver:
    """The same rules again cost nothing."""
    return Resolver(rules)
