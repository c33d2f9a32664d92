"""Lifecycle stages and what it takes to enter them, in words."""

from flask_babel import lazy_gettext as _l

from portal.domain.lifecycle import Criterion, Stage
from portal.web.alert_rules import STAGES

CRITERIA = {
    Criterion.IN_ORDER: _l("It follows the stage that the account is in"),
    Criterion.CONTRACT_BEGUN: _l("The contract has begun"),
    Criterion.LIVE: _l("The account has gone live"),
    Criterion.IN_USE: _l("At least half of the seats have been used"),
    Criterion.RENEWED: _l("The contract now ends more than 90 days from now"),
    Criterion.RENEWAL_NEAR: _l("The contract ends within 90 days"),
    Criterion.CONTRACT_OVER: _l("The contract is over, or the customer has said that it leaves"),
}


def stage_name(stored: str) -> str:
    """What is stored may be from another version; then it stands as it is."""
    return str(STAGES[Stage(stored)]) if stored in set(Stage) else stored
