"""Early warning (DOMAIN §2): rules over an account's series, and the episodes they open.

Pure: series and parameters in, days out. `walk` is the one state machine; the night's evaluation
gives it one more day, a replay gives it half a year.
"""

from portal.domain.early_warning.course import Course, Numbers, QuotaUse
from portal.domain.early_warning.episodes import Carried, Step, walk
from portal.domain.early_warning.evidence import Evidence, evidence_of
from portal.domain.early_warning.parameters import (
    LOOK_BACK,
    FieldKind,
    ParameterField,
    Parameters,
    fields_of,
    read_parameters,
    stored,
)
from portal.domain.early_warning.rulebook import RuleBook, RuleSetting, usual_parameters
from portal.domain.early_warning.rules import (
    GRAVITY,
    PARAMETERS,
    PROPOSALS,
    USUALLY_ON,
    Gravity,
    Proposal,
    Rule,
    days_to_act,
    signals_of,
)
from portal.domain.early_warning.workdays import add_workdays, calendars, is_calendar

__all__ = [
    "GRAVITY",
    "LOOK_BACK",
    "PARAMETERS",
    "PROPOSALS",
    "USUALLY_ON",
    "Carried",
    "Course",
    "Evidence",
    "FieldKind",
    "Gravity",
    "Numbers",
    "ParameterField",
    "Parameters",
    "Proposal",
    "QuotaUse",
    "Rule",
    "RuleBook",
    "RuleSetting",
    "Step",
    "add_workdays",
    "calendars",
    "days_to_act",
    "evidence_of",
    "fields_of",
    "is_calendar",
    "read_parameters",
    "signals_of",
    "stored",
    "usual_parameters",
    "walk",
]
