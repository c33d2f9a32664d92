"""Which feature an event belongs to: rules by its name, and by a property of it where asked.

A rule's pattern is a name, or has `*` for any run of characters. Of all rules that fit an event
one decides: the one that names it most precisely (a whole name before a pattern, then the longer
pattern), of equals the one with a condition, of these the oldest. So an event belongs to one
feature at most, and counts there once.

An event that meets conditions is counted under a name of its own (`variant`), which tells the
conditions that it met: feature and figures follow from the names alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

LONGEST_PATTERN, LONGEST_PROPERTY, LONGEST_VALUE = 200, 120, 120
ANY = "*"
# Between an event's name and the conditions that it met; no name holds it from now on.
VARIANT = "\x1f"
MOST_CONDITIONS = 40
SPECIAL = re.compile(r"([\\|;=\[\]])")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SEPARATORS = re.compile(r"(?<!\\)[|;]")
_PLAIN = r"(?:\\.|[^\\\[\]])*?"
_NAME = r"(?:\\.|[^\\\[\]=])+?"
WORDS = re.compile(
    rf"(?P<pattern>{_PLAIN})\s*(?:\[\s*(?P<property>{_NAME})\s*=\s*(?P<value>{_PLAIN})\s*\])?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, order=True)
class RuleText:
    """A rule as it is written: `report.shared`, `report.*`, `report.exported [format=pdf]`: there
    `member` is the property asked for.
    """

    pattern: str
    member: str = ""
    value: str = ""

    @property
    def conditioned(self) -> bool:
        return bool(self.member)

    @property
    def exact(self) -> bool:
        return ANY not in self.pattern

    def __str__(self) -> str:
        return f"{self.pattern} [{self.member}={self.value}]" if self.member else self.pattern

    @property
    def written(self) -> str:
        """As `read_rule` reads it, whatever signs are in it."""
        parts = (SPECIAL.sub(r"\\\1", one) for one in (self.pattern, self.member, self.value))
        return str(RuleText(*parts))


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
    return make_rule(*(ESCAPED.sub(r"\1", part or "") for part in match.groups()))


def make_rule(pattern: str, name: str = "", value: str = "") -> RuleText:
    """Raises ValueError with a sentence."""
    pattern, name, value = pattern.strip(), name.strip().removeprefix("properties."), value.strip()
    if not pattern or not pattern.replace(ANY, ""):
        raise ValueError("an event name is missing")
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"an event name has at most {LONGEST_PATTERN} characters")
    if len(name) > LONGEST_PROPERTY or len(value) > LONGEST_VALUE:
        raise ValueError(f"property and value have at most {LONGEST_VALUE} characters")
    if any(ord(letter) < ord(" ") for letter in pattern + name + value):
        raise ValueError("holds a control character")
    if value and not name:
        raise ValueError("a value needs its property")
    return RuleText(pattern, name, value)


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
            found = self._known[counted] = self._find(counted)
            return found

    def feature_of(self, counted: str) -> int | None:
        rule = self.rule_of(counted)
        return None if rule is None else rule.feature

    def _find(self, counted: str) -> Rule | None:
        name, met = read_variant(counted)
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
