"""What is asked of the vendor's queue."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from portal.domain.requests import PHASES, Phase, State

ANY_STATE = "any"
UNJUDGED = "none"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SETTLED = frozenset(state.value for state, phase in PHASES.items() if phase is Phase.CLOSED)


class Sort(StrEnum):
    DUE = "due"
    NEWEST = "newest"
    PRIORITY = "priority"
    VOTES = "votes"


class Whose(StrEnum):
    ALL = ""
    MINE = "mine"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page begins: behind the request `id` whose value of the sort is `value`, or before it
    where `back` is set.
    """

    value: datetime | int
    id: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class QueueQuestion:
    """Empty means any; an empty `state` any that is not closed, else a state, a phase or ANY_STATE.
    `account` and `feature` are keys. `judged`: what the judgement of a change came to
    (domain.request_judging.Outcome), or UNJUDGED for a need that has none.
    """

    kind: str = ""
    state: str = ""
    feature: str = ""
    tier: str = ""
    account: str = ""
    judged: str = ""
    whose: Whose = Whose.ALL
    text: str = ""
    sort: Sort = Sort.DUE
    mark: Mark | None = None


def states_of(asked: str) -> set[str]:
    """The states that a question's `state` stands for."""
    if asked == ANY_STATE:
        return {state.value for state in State}
    if asked in set(Phase):
        return {state.value for state, phase in PHASES.items() if phase == asked}
    return {asked} if asked else {state.value for state in State} - SETTLED
