"""What an address of the queue asks for, and the address of what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.domain.request_grading import BY_TIER
from portal.domain.request_judging import Outcome
from portal.domain.requests import Kind, Phase, State
from portal.services.requests.queue_question import (
    ANY_STATE,
    UNJUDGED,
    Mark,
    QueueQuestion,
    Sort,
    Whose,
)
from portal.web.listing import kept

LIST = "list"
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    question: QueueQuestion
    board: bool


def read_address(asked: Mapping[str, str]) -> Asked:
    """Anything unknown counts as not asked. The board shows one kind, needs where none is named."""
    board = asked.get("layout") != LIST
    kind = asked.get("kind", "")
    state = asked.get("state", "")
    sort, whose = asked.get("sort", ""), asked.get("whose", "")
    known_kind = kind if kind in set(Kind) else ""
    return Asked(
        QueueQuestion(
            kind=known_kind or (Kind.NEED.value if board else ""),
            state="" if board or state not in {*State, *Phase, ANY_STATE} else state,
            feature=asked.get("feature", "")[:120],
            tier=asked["tier"] if asked.get("tier") in BY_TIER else "",
            account=asked.get("account", "")[:120],
            judged=asked["judged"] if asked.get("judged") in {UNJUDGED, *Outcome} else "",
            whose=Whose(whose) if whose in set(Whose) else Whose.ALL,
            text=asked.get("q", "").strip()[:LONGEST_TEXT].replace("\x00", ""),
            sort=Sort(sort) if sort in set(Sort) else Sort.DUE,
            mark=None if board else _read_mark(asked, sort),
        ),
        board,
    )


def _read_mark(asked: Mapping[str, str], sort: str) -> Mark | None:
    """“2026-11-21T09:00:00+00:00~17” or “12~17”"""
    back = "before" in asked
    value, _tilde, number = asked.get("before" if back else "after", "").partition("~")
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):  # noqa: PLR2004 # a BIGINT's digits
        return None
    if sort in {Sort.PRIORITY, Sort.VOTES}:
        fits = value.isascii() and value.isdecimal() and len(value) <= 9  # noqa: PLR2004 # an INTEGER's
        return Mark(int(value), int(number), back) if fits else None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return Mark(at, int(number), back) if at.tzinfo is not None else None


def write_mark(mark: Mark | None) -> str:
    if mark is None:
        return ""
    value = mark.value.isoformat() if isinstance(mark.value, datetime) else str(mark.value)
    return f"{value}~{mark.id}"


def values_of(asked: Asked) -> dict[str, str]:
    """The address's parameters but for the page."""
    one = asked.question
    usual = Kind.NEED.value if asked.board else ""
    return {
        "layout": "" if asked.board else LIST,
        "kind": "" if one.kind == usual else one.kind,
        "state": one.state,
        "feature": one.feature,
        "tier": one.tier,
        "account": one.account,
        "judged": one.judged,
        "whose": one.whose.value,
        "q": one.text,
        "sort": "" if one.sort is Sort.DUE else one.sort.value,
    }


def queue_values(asked: Asked) -> dict[str, Any]:
    """What the address of a request carries along: its neighbours are those of the queue."""
    return kept(values_of(asked), {})


def address(asked: Asked, endpoint: str = "triage.index", **changes: Any) -> str:
    return url_for(endpoint, **kept(values_of(asked), changes))
