"""Requests that answer a question by its telling words, weighed as similar ones are."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.services.requests.similar import MOST_ASKED, counts_of, score_of, weigh
from portal.services.requests.words import words_of

ENOUGH = 0.6
"""Of the weight of all the question's words."""
FEWEST_WORDS = 2
"""Of a question with more than one."""
UNHEARD = weigh({"": 1})[""] / 2
"""Of a word that no request has: half of what the rarest weigh, as many say nothing."""


def worded(session: Session, word: Any, owner: Any, text: str) -> Any | None:
    """Of (id, score): the owners of enough of the question's words. `word` and `owner` are columns
    of a table of words. None where there can be none.
    """
    asked = list(words_of(text))[:MOST_ASKED]
    counts = counts_of(session, word, asked) if asked else {}
    weights = weigh(counts)
    if not weights:
        return None
    score = score_of(word, weights)
    least = ENOUGH * (sum(weights.values()) + UNHEARD * (len(asked) - len(counts)))
    return (
        select(owner.label("id"), score.label("score"))
        .where(word.in_(weights))
        .group_by(owner)
        .having(score >= least, func.count() >= min(FEWEST_WORDS, len(asked)))
        .subquery()
    )
