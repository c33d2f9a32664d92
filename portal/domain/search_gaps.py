"""When a question counts as one without a good answer, and how it is kept: by no person."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 200
LEAST_ASKED = 3
LEAST_OPENED = 1 / 3
KEPT_DAYS = 180
COUNTED_DAYS = 90

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"\+?\d[\d ()/-]{7,}\d")
_ENDS = " .,;:!?。，、；：！？…"


class GapKind(StrEnum):
    """NOTHING: nothing good was found (search.Results.weak). UNOPENED: something was, and hardly
    anybody opened any of it.
    """

    NOTHING = "nothing"
    UNOPENED = "unopened"


class GapState(StrEnum):
    """REQUESTED: product has it as a shared request, whose key stands where else a text does."""

    OPEN = "open"
    DRAFTED = "drafted"
    REQUESTED = "requested"
    ANSWERED = "answered"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a question was asked, found nothing, and led to something that was opened."""

    asked: int
    empty: int
    opened: int


def gap_kind(counts: Asked) -> GapKind | None:
    """The rule: found nothing at least once, or asked three times or more and opened in fewer than
    a third of them. What was opened may have been the wrong text: the rule is about readers who
    gave up.
    """
    if counts.empty:
        return GapKind.NOTHING
    if counts.asked >= LEAST_ASKED and counts.opened < counts.asked * LEAST_OPENED:
        return GapKind.UNOPENED
    return None


def tidy_question(text: str) -> str:
    """As it may be kept: one line, without invisible characters, mail addresses and long numbers,
    which may name a person.
    """
    seen = "".join(
        " " if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl"} else one for one in text
    )
    hidden = _NUMBER.sub("…", _MAIL.sub("…", seen))
    return " ".join(hidden.split())[:LONGEST].strip()


def question_key(folded: str) -> str:
    """Questions that differ by their last punctuation alone are one."""
    return folded.strip(_ENDS)[:LONGEST]
