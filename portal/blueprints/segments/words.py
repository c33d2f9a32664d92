"""Rules of segments and what fits them, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.feature_names import feature_name
from portal.domain.lifecycle import Stage
from portal.domain.segments import SegmentRule
from portal.domain.terms import TermKind
from portal.services.segment_rules import PARTS, Fit, SegmentLine
from portal.web.alert_rules import STAGES
from portal.web.formats import num
from portal.web.locale import request_locale
from portal.web.portfolio import tier_word
from portal.web.prose import joined, row_of
from portal.web.terms import term_name

TITLES = {
    "tiers": _l("Tier"),
    "industries": _l("Industry"),
    "regions": _l("Region"),
    "stages": _l("Stage"),
}
TERMS = {"industries": TermKind.INDUSTRY, "regions": TermKind.REGION}


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    name: str
    rule: list[tuple[str, str]]
    accounts: int


@dataclass(frozen=True, slots=True)
class Group:
    """The check boxes of one part: values and labels, and the values that are chosen."""

    part: str
    title: str
    options: list[tuple[str, str]]
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class FitPart:
    said: str
    names: list[tuple[str, str]]
    more: int


def name_of(rule: SegmentRule) -> str:
    return feature_name(request_locale(), rule.name_en, rule.name_zh)


def line_of(one: SegmentLine) -> Line:
    said = [
        (str(TITLES[part]), row_of(value_word(part, value) for value in getattr(one.rule, part)))
        for part in PARTS
        if getattr(one.rule, part)
    ]
    return Line(one.rule.key, name_of(one.rule), said, one.accounts)


def value_word(part: str, value: str) -> str:
    if part == "tiers":
        return tier_word(value)
    if part in TERMS:
        return term_name(value, TERMS[part])
    if part == "stages":
        return str(STAGES[Stage(value)]) if value in set(Stage) else value
    return value


def groups(known: Mapping[str, Sequence[str]], chosen: Mapping[str, Sequence[str]]) -> list[Group]:
    return [
        Group(
            part,
            str(TITLES[part]),
            _options(part, known[part]),
            chosen[part],
        )
        for part in PARTS
        if known[part]
    ]


def _options(part: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """What the vendor has named stands in the order of the names."""
    found = [(value, value_word(part, value)) for value in values]
    return sorted(found, key=lambda one: one[1].casefold()) if part in TERMS else found


def fit_part(fit: Fit) -> FitPart:
    if not fit.count:
        return FitPart(_("No account fits now."), [], 0)
    said = ngettext(
        "%(count)s account fits now.",
        "%(count)s accounts fit now.",
        fit.count,
        count=num(fit.count),
    )
    earlier = ngettext(
        "%(count)s of them is in an earlier segment, and stays there.",
        "%(count)s of them are in an earlier segment, and stay there.",
        fit.earlier,
        count=num(fit.earlier),
    )
    return FitPart(
        joined(said, earlier) if fit.earlier else said, fit.names, fit.count - len(fit.names)
    )
