from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain.event_rules import (
    Operator,
    Resolver,
    Rule,
    RuleText,
    fits,
    make_rule,
    read_rule,
    read_rules,
    read_variant,
    resolver_of,
    variant,
)

LETTERS = some.text("ab.", min_size=1, max_size=5)
PATTERNS = some.text("ab.*", min_size=1, max_size=5).filter(lambda text: text.strip("*") != "")


def rule(number: int, words: str, feature: int | None = 1, *, ready: bool = True) -> Rule:
    return Rule(number, feature, read_rule(words), ready)


@given(PATTERNS, LETTERS)
def test_a_star_stands_for_any_run_of_characters(pattern: str, name: str) -> None:
    assert fits(pattern, name) == fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("report.shared", RuleText("report.shared")),
        (" report.* ", RuleText("report.*")),
        ("a [format=pdf]", RuleText("a", "format", "pdf")),
        ("a[properties.format = p d f ]", RuleText("a", "format", "p d f")),
        ("a [format=]", RuleText("a", "format", "")),
        ("a [format~=pdf, csv]", RuleText("a", "format", "pdf, csv", "~=")),
        ("a [format ^= pd]", RuleText("a", "format", "pd", "^=")),
        ("a [pages>=10]", RuleText("a", "pages", "10", ">=")),
        ("a [pages <= -1.5]", RuleText("a", "pages", "-1.5", "<=")),
        ("a [format]", RuleText("a", "format", "", "?")),
        (r"a [b\>=c]", RuleText("a", "b>", "c")),
        ("a [b=>=c]", RuleText("a", "b", ">=c")),
        (r"a\[x\=1\] \| b", RuleText("a[x=1] | b")),
    ],
)
def test_a_rule_is_read_as_it_is_written(words: str, told: RuleText) -> None:
    assert read_rule(words) == told
    assert read_rule(told.written) == told


@given(
    some.builds(
        RuleText,
        *[some.text(r"a\|;=[]* ~^<>1,", min_size=1, max_size=6)] * 3,
        some.sampled_from(list(Operator)),
    )
)
def test_what_is_written_is_read_again(text: RuleText) -> None:
    try:
        clean = make_rule(text.pattern, text.member, text.value, text.operator)
    except ValueError:
        return
    other = RuleText("b")
    assert read_rules(f"{clean.written};{other.written}|{clean.written}") == (clean, other)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "*",
        "**",
        "[a=b]",
        "a [=b]",
        "a []",
        "a [b>=]",
        "a [b>=ten]",
        "a [b<=nan]",
        "a [b~= , ]",
        "a [b^=]",
        "a [b>1]",
        "a [b=c",
        "a\x1f1",
        "a" * 201,
        f"a [b={'c' * 121}]",
    ],
)
def test_what_is_no_rule_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_rule(words)


@pytest.mark.parametrize(
    ("words", "met", "unmet"),
    [
        ("a [b=pdf]", ["pdf"], ["PDF", "pdf ", "", None]),
        ("a [b~=pdf, csv]", ["pdf", "csv"], ["pdf, csv", "xls", "", None]),
        ("a [b^=pd]", ["pd", "pdf"], ["apd", "p", "", None]),
        ("a [b>=10]", ["10", "10.0", "11", "1e3"], ["9.99", "-10", "ten", "true", "", "nan", None]),
        ("a [b<=10]", ["10", "9.99", "-10"], ["10.01", "ten", "true", "", "inf", None]),
        ("a [b]", ["", "x", "0", "false"], [None]),
    ],
)
def test_how_a_property_is_compared(words: str, met: list[str], unmet: list[str | None]) -> None:
    compare = read_rule(words).met_by
    assert [one for one in (*met, *unmet) if compare(one)] == met


def test_there_is_no_other_comparison() -> None:
    with pytest.raises(ValueError, match="is no way to compare"):
        make_rule("a", "b", "c", "!=")


def test_the_more_precise_rule_decides() -> None:
    rules = (
        rule(1, "report.*", 1),
        rule(2, "report.sh*", 2),
        rule(3, "report.shared", 3),
        rule(4, "report.shared [format=pdf]", 4),
        rule(5, "*.shared", None),
        rule(6, "report.* [format=pdf]", 6),
        rule(7, "*_report", 7),
        rule(8, "report_*", 8),
    )
    found = Resolver(rules).feature_of
    assert found("report.opened") == 1
    assert found("report.shipped") == 2
    assert found("report.shared") == 3
    assert found(variant("report.shared", {4, 6})) == 4
    assert found(variant("report.opened", {6})) == 6
    assert found(variant("report.shipped", {6})) == 2
    assert found("plan.shared") is None
    assert Resolver(rules).rule_of("plan.shared") == rules[4]
    assert Resolver(rules).rule_of("plan.opened") is None
    assert found("report_report") == 7, "of equals the older"


def test_a_condition_has_a_say_once_history_is_counted_by_it() -> None:
    plain, waiting = rule(1, "a", 1), rule(2, "a [b=c]", 2, ready=False)
    counted = variant("a", {2})
    assert Resolver((plain, waiting)).feature_of(counted) == 1
    assert Resolver((plain, rule(2, "a [b=c]", 2))).feature_of(counted) == 2
    assert Resolver((plain,)).feature_of(counted) == 1, "a rule that is gone"


def slow(rules: list[Rule], name: str, met: frozenset[int]) -> int | None:
    """The same by comparing every pair of rules."""

    def beats(one: Rule, other: Rule) -> bool:
        pairs = [
            (one.text.exact, other.text.exact),
            (
                sum(letter != "*" for letter in one.text.pattern),
                sum(letter != "*" for letter in other.text.pattern),
            ),
            (one.text.member != "", other.text.member != ""),
            (other.id, one.id),
        ]
        mine, theirs = next((pair for pair in pairs if pair[0] != pair[1]), (0, 1))
        return mine > theirs

    fitting = [
        one
        for one in rules
        if fnmatchcase(name, one.text.pattern) and (not one.text.member or one.id in met)
    ]
    for one in fitting:
        if all(one is other or beats(one, other) for other in fitting):
            return one.feature
    return None


@given(some.data())
def test_one_rule_decides_as_when_each_is_compared_with_each(data: some.DataObject) -> None:
    texts = data.draw(
        some.lists(
            some.tuples(PATTERNS, some.sampled_from(["", "x"])), min_size=1, max_size=7, unique=True
        )
    )
    rules = [
        Rule(number, number, RuleText(pattern, member, "1" if member else ""))
        for number, (pattern, member) in enumerate(texts, 1)
    ]
    resolver = Resolver(data.draw(some.permutations(rules)))
    for name, all_met in product(("a", "ab", "a.b", "b.a.b"), (True, False)):
        met = frozenset(
            one.id for one in rules if all_met and one.text.member and fits(one.text.pattern, name)
        )
        assert resolver.feature_of(variant(name, met)) == slow(rules, name, met)


def test_names_tell_the_conditions_that_were_met() -> None:
    assert variant("a", []) == "a"
    assert read_variant(variant("a b", {3, 12})) == ("a b", frozenset({3, 12}))
    assert read_variant("a\x1fx,,4") == ("a", frozenset({4})), "as nobody wrote it"


def test_the_same_rules_are_put_to_use_once() -> None:
    assert resolver_of((rule(1, "a"),)) is resolver_of((rule(1, "a"),))
