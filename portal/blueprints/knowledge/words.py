"""What the types of texts are called, and how a before and an after stand beside each other."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.domain.knowledge import (
    BEST_PRACTICE,
    COURSE,
    CUSTOMER_CASE,
    EVENT,
    FAQ,
    GUIDE,
    RELEASE_NOTE,
)

MOST_FIGURES = 3


@dataclass(frozen=True, slots=True)
class TypeWords:
    one: str
    many: str
    chip: str
    icon: str


_EVENTS = _p("gathering", "Events")
TYPE_WORDS = {
    BEST_PRACTICE: TypeWords(_l("Best practice"), _l("Best practices"), _l("Practices"), "book"),
    CUSTOMER_CASE: TypeWords(_l("Customer case"), _l("Customer cases"), _l("Cases"), "case"),
    FAQ: TypeWords(_l("FAQ"), _l("Answers to questions"), _l("Answers"), "faq"),
    GUIDE: TypeWords(_l("Guide"), _l("Guides"), _l("Guides"), "report"),
    COURSE: TypeWords(_l("Course"), _l("Courses"), _l("Courses"), "play"),
    RELEASE_NOTE: TypeWords(_l("Release note"), _l("Release notes"), _l("News"), "flag"),
    EVENT: TypeWords(_p("gathering", "Event"), _EVENTS, _EVENTS, "cal"),
}
# In their own language: said to those who read it.
READ_IN = {"en": "Read in English", "zh-Hans": "读简体中文版", "zh-Hant": "讀繁體中文版"}


def figures(comparison: list[list[str]]) -> list[tuple[str, str]]:
    """(41 → 9 h, Waiting time at the last approver) of the first rows of a comparison."""
    return [
        (f"{_bare(before, after)} → {after}", measure)
        for measure, before, after in comparison[1 : 1 + MOST_FIGURES]
    ]


def _bare(before: str, after: str) -> str:
    """The figure without the unit, where the other one names the same."""
    first, second = (re.fullmatch(r"([−±+-]?[\d.,:]+)(.*)", figure) for figure in (before, after))
    same = first is not None and second is not None and first[2] == second[2]
    return first[1] if first is not None and same else before
