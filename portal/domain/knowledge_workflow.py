"""How a text comes to be read, and by whose hand: draft → review → scheduled or published →
archived. A published text may have a newer working copy, which goes the same way while the old
one is read on.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.errors import Conflict, Forbidden
from portal.domain.knowledge import ARCHIVED, DRAFT, PUBLISHED
from portal.domain.permissions import Permission, Role, allows


class Stage(StrEnum):
    """Where the working copy is; NONE where there is none."""

    NONE = "none"
    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"


class Action(StrEnum):
    EDIT = "edit"
    ASK = "ask"
    TAKE_BACK = "take-back"
    SEND_BACK = "send-back"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    DISCARD = "discard"
    ARCHIVE = "archive"
    BRING_BACK = "bring-back"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`needs`: of those who may. `stages`: from which of the working copy, `states`: of which of
    the item. `to`: where it leads; None where it stays.
    """

    needs: Permission
    stages: frozenset[Stage]
    to: Stage | None = None
    states: frozenset[str] = frozenset({DRAFT, PUBLISHED})


_WRITE, _PUBLISH = Permission.KNOWLEDGE_WRITE, Permission.KNOWLEDGE_PUBLISH
_ANY = frozenset(Stage)
_OPEN = frozenset({Stage.NONE, Stage.DRAFT})
_COPY = frozenset({Stage.DRAFT})
_ASKED = frozenset({Stage.REVIEW})
_SET = frozenset({Stage.SCHEDULED})
RULES = {
    Action.EDIT: _Rule(_WRITE, _OPEN),
    Action.ASK: _Rule(_WRITE, _COPY, Stage.REVIEW),
    Action.TAKE_BACK: _Rule(_WRITE, _ASKED, Stage.DRAFT),
    Action.SEND_BACK: _Rule(_PUBLISH, _ASKED, Stage.DRAFT),
    Action.APPROVE: _Rule(_PUBLISH, _ASKED, Stage.NONE),
    Action.SCHEDULE: _Rule(_PUBLISH, _COPY | _ASKED | _SET, Stage.SCHEDULED),
    Action.UNSCHEDULE: _Rule(_PUBLISH, _SET, Stage.DRAFT),
    Action.PUBLISH: _Rule(_PUBLISH, _COPY | _ASKED | _SET, Stage.NONE),
    Action.DISCARD: _Rule(_WRITE, _COPY, Stage.NONE),
    Action.ARCHIVE: _Rule(_PUBLISH, _ANY, states=frozenset({DRAFT, PUBLISHED})),
    Action.BRING_BACK: _Rule(_PUBLISH, _ANY, states=frozenset({ARCHIVED})),
}
# What one may do oneself, who may not publish: throw away what nobody has ever read.
_OWN_DRAFT = _Rule(_WRITE, _OPEN, states=frozenset({DRAFT}))


def actions(role: Role, stage: Stage, state: str) -> frozenset[Action]:
    """What the role may do with an item in this state whose working copy is at this stage."""
    return frozenset(action for action in Action if _allowed(role, action, stage, state))


def hold(role: Role, action: Action, stage: Stage, state: str) -> Stage:
    """The stage that the action leads to. Raises Forbidden for the role, Conflict for the state:
    somebody else was quicker.
    """
    if not any(allows(role, rule.needs) for rule in _rules(action)):
        raise Forbidden
    if not _allowed(role, action, stage, state):
        raise Conflict(
            "The text is no longer at the stage for this. Load the page again.", code="wrong-stage"
        )
    to = RULES[action].to
    return stage if to is None else to


def _allowed(role: Role, action: Action, stage: Stage, state: str) -> bool:
    if action is Action.EDIT and stage is Stage.REVIEW and state != ARCHIVED:
        # A reviewer mends what a comma is wrong in.
        return allows(role, _PUBLISH)
    return any(
        allows(role, rule.needs) and stage in rule.stages and state in rule.states
        for rule in _rules(action)
    )


def _rules(action: Action) -> tuple[_Rule, ...]:
    return (RULES[action], _OWN_DRAFT) if action is Action.ARCHIVE else (RULES[action],)
