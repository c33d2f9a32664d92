"""The closed loop of a request (DOMAIN §7): what is told, where it stands, who may move it.

Pure. A vendor's own words for a state are labels upon these states; no rule ever reads a label.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.domain.errors import Conflict, Forbidden, Invalid

LONGEST_TITLE = 160
LONGEST_FIELD = 4000
LONGEST_REASON = 2000
SILENCE = timedelta(days=14)
"""After so long without a word from the customer a released request closes as unconfirmed."""


class Kind(StrEnum):
    NEED = "need"
    BUG = "bug"
    QUESTION = "question"


class State(StrEnum):
    """`released` is worded "answered" for a question. `unconfirmed`: released, and nobody of the
    customer has said a word within SILENCE.
    """

    SUBMITTED = "submitted"
    CLARIFYING = "clarifying"
    DECLINED = "declined"
    PLANNED = "planned"
    IN_DEVELOPMENT = "in_development"
    REPRODUCED = "reproduced"
    FIXING = "fixing"
    FIXED = "fixed"
    RELEASED = "released"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    REOPENED = "reopened"


class Phase(StrEnum):
    """The fixed kinds of states that all logic asks for."""

    OPEN = "open"
    ACTIVE = "active"
    DONE = "done"
    CLOSED = "closed"


class Actor(StrEnum):
    PRODUCT = "product"  # triages requests of all accounts
    CSM = "csm"
    CUSTOMER = "customer"  # asked for it, voted for it, or leads their company's
    TIME = "time"  # the worker, when a time is over


class Answer(StrEnum):
    """What a customer says when it is released."""

    WORKS = "works"
    NOT_YET = "not_yet"
    NOT_TRIED = "not_tried"


class Visibility(StrEnum):
    """`private`: requester and vendor; `company`: everybody of the account. A version for all
    customers is an object of its own, in the vendor's words (SharedRequest).
    """

    PRIVATE = "private"
    COMPANY = "company"


class Severity(StrEnum):
    BLOCKING = "blocking"
    MAJOR = "major"
    MINOR = "minor"


class Channel(StrEnum):
    PORTAL = "portal"
    MAIL = "mail"
    API = "api"
    CSM = "csm"


PHASES: Mapping[State, Phase] = {
    State.SUBMITTED: Phase.OPEN,
    State.CLARIFYING: Phase.OPEN,
    State.REOPENED: Phase.OPEN,
    State.PLANNED: Phase.ACTIVE,
    State.IN_DEVELOPMENT: Phase.ACTIVE,
    State.REPRODUCED: Phase.ACTIVE,
    State.FIXING: Phase.ACTIVE,
    State.FIXED: Phase.ACTIVE,
    State.RELEASED: Phase.DONE,
    State.CONFIRMED: Phase.CLOSED,
    State.UNCONFIRMED: Phase.CLOSED,
    State.DECLINED: Phase.CLOSED,
}

PATHS: Mapping[Kind, tuple[State, ...]] = {
    Kind.NEED: (
        State.SUBMITTED,
        State.CLARIFYING,
        State.PLANNED,
        State.IN_DEVELOPMENT,
        State.RELEASED,
        State.CONFIRMED,
    ),
    Kind.BUG: (
        State.SUBMITTED,
        State.REPRODUCED,
        State.FIXING,
        State.FIXED,
        State.RELEASED,
        State.CONFIRMED,
    ),
    Kind.QUESTION: (State.SUBMITTED, State.CLARIFYING, State.RELEASED, State.CONFIRMED),
}
"""The way of each kind as its ring draws it."""

FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.NEED: ("who", "when", "wants", "so_that", "today"),
    Kind.BUG: ("steps", "expected", "happened", "place", "device", "browser"),
    Kind.QUESTION: ("question", "tried"),
}
REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.NEED: ("who", "when", "wants"),
    Kind.BUG: ("steps",),
    Kind.QUESTION: ("question",),
}


@dataclass(frozen=True, slots=True)
class Move:
    """`reason`: the customer is owed one."""

    to: State
    actors: frozenset[Actor]
    reason: bool = False


_PRODUCT = frozenset({Actor.PRODUCT})
_DESK = frozenset({Actor.PRODUCT, Actor.CSM})
_CUSTOMER = frozenset({Actor.CUSTOMER})
_ASKED = (
    Move(State.CONFIRMED, _CUSTOMER),
    Move(State.REOPENED, _CUSTOMER, reason=True),
)


def _to(state: State, actors: frozenset[Actor] = _PRODUCT, *, reason: bool = False) -> Move:
    return Move(state, actors, reason)


_SHARED_MOVES: Mapping[State, tuple[Move, ...]] = {
    State.RELEASED: (
        *_ASKED,
        Move(State.UNCONFIRMED, frozenset({Actor.TIME})),
        _to(State.REOPENED, _DESK, reason=True),
    ),
    State.UNCONFIRMED: _ASKED,
    State.CONFIRMED: (Move(State.REOPENED, _CUSTOMER, reason=True),),
    State.DECLINED: (_to(State.REOPENED, frozenset(Actor) - {Actor.TIME}, reason=True),),
}

_DECLINED = _to(State.DECLINED, reason=True)
MOVES: Mapping[Kind, Mapping[State, tuple[Move, ...]]] = {
    Kind.NEED: {
        State.SUBMITTED: (_to(State.CLARIFYING, _DESK),),
        State.CLARIFYING: (_to(State.PLANNED), _DECLINED),
        State.PLANNED: (
            _to(State.IN_DEVELOPMENT),
            _to(State.CLARIFYING, reason=True),
            _DECLINED,
        ),
        State.IN_DEVELOPMENT: (_to(State.RELEASED), _to(State.PLANNED, reason=True)),
        State.REOPENED: (
            _to(State.CLARIFYING, _DESK),
            _to(State.PLANNED),
            _to(State.IN_DEVELOPMENT),
            _DECLINED,
        ),
        **_SHARED_MOVES,
    },
    Kind.BUG: {
        State.SUBMITTED: (_to(State.CLARIFYING, _DESK), _to(State.REPRODUCED)),
        State.CLARIFYING: (_to(State.REPRODUCED), _DECLINED),
        State.REPRODUCED: (_to(State.FIXING), _DECLINED),
        State.FIXING: (_to(State.FIXED), _to(State.REPRODUCED, reason=True)),
        State.FIXED: (_to(State.RELEASED), _to(State.FIXING, reason=True)),
        State.REOPENED: (
            _to(State.CLARIFYING, _DESK),
            _to(State.REPRODUCED),
            _to(State.FIXING),
            _DECLINED,
        ),
        **_SHARED_MOVES,
    },
    Kind.QUESTION: {
        State.SUBMITTED: (_to(State.CLARIFYING, _DESK), _to(State.RELEASED, _DESK)),
        State.CLARIFYING: (_to(State.RELEASED, _DESK), _DECLINED),
        State.REOPENED: (
            _to(State.CLARIFYING, _DESK),
            _to(State.RELEASED, _DESK),
            _DECLINED,
        ),
        **_SHARED_MOVES,
    },
}
"""Kind → state → where it may go from there."""


def moves(kind: Kind, state: State, actor: Actor) -> list[Move]:
    """Where that actor may take it from here, in the order of the way."""
    return [move for move in MOVES[kind].get(state, ()) if actor in move.actors]


def check_move(kind: Kind, state: State, to: State, actor: Actor, reason: str) -> None:
    """Raises Conflict where the way does not lead there, Forbidden where another has to take it
    there, and Invalid where a reason is owed or is too long.
    """
    found = [move for move in MOVES[kind].get(state, ()) if move.to is to]
    if not found:
        raise Conflict(f"From {state} it does not go to {to}.", code="no-such-move")
    mine = [move for move in found if actor in move.actors]
    if not mine:
        raise Forbidden("This step is another's to take.")
    if all(move.reason for move in mine) and not reason.strip():
        said = "Say why: those who asked will read it."
        raise Invalid(said, code="reason-missing", fields={"reason": said})
    if len(reason) > LONGEST_REASON:
        said = "Keep it under 2,000 characters."
        raise Invalid(said, code="too-long", fields={"reason": said})


def is_open(state: State) -> bool:
    """Whether something is still to be done or to be said."""
    return PHASES[state] is not Phase.CLOSED


def follows_family(state: State) -> bool:
    """Whether a request goes along when the shared one that it belongs to moves. What its customer
    has confirmed stays confirmed; what was declined for them stays so.
    """
    return state not in {State.CONFIRMED, State.DECLINED}


def checked_telling(kind: Kind, title: str, told: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The title and the kind's own fields, in order, without empty ones. Raises Invalid with a
    sentence for each member that is missing or too long.
    """
    title = " ".join(title.split())
    kept = {name: told.get(name, "").strip() for name in FIELDS[kind]}
    fields = {name: "Keep it under 4,000 characters." for name in kept if _is_long(kept[name])}
    fields |= {name: "Please say this too." for name in REQUIRED[kind] if not kept[name]}
    if not title or len(title) > LONGEST_TITLE:
        fields["title"] = "Say in at most 160 characters what it is about."
    if fields:
        raise Invalid("Something is missing.", code="incomplete", fields=fields)
    return title, {name: text for name, text in kept.items() if text}


def _is_long(text: str) -> bool:
    return len(text) > LONGEST_FIELD
