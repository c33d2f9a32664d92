"""Rules and their thresholds in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.early_warning import FieldKind, Parameters, Rule, fields_of
from portal.domain.feature_names import feature_name
from portal.domain.lifecycle import Stage
from portal.domain.segments import OTHERS, SegmentRule
from portal.web.formats import num, pct
from portal.web.locale import request_locale
from portal.web.prose import comma

ABOUT = {
    Rule.SILENCE: _l(
        "No event at all for some workdays, of an account where people are set up. Public holidays "
        "of its country, where it is known, are no workdays."
    ),
    Rule.SUDDEN_DROP: _l(
        "This week’s active people against the mean of the four weeks before; not in a week with "
        "two or more public holidays."
    ),
    Rule.ONBOARDING: _l(
        "On day 14, 30, 60 and 90 after the go-live: how many of the seats have ever been used."
    ),
    Rule.SLOW_DECLINE: _l("The people active in 30 days become fewer week after week."),
    Rule.LOW_FOR_LONG: _l("For weeks only a small share of those set up is active."),
    Rule.CORE_UNUSED: _l("Nobody uses a core feature of the contract."),
    Rule.OVER_USE: _l(
        "Most of the seats, or of a quota of the contract, are in use: time to talk about more."
    ),
}
# By name, or by rule and name where a rule means something of its own.
LABELS = {
    "calm": _l("Days in a row that must be well before it closes"),
    "persons": _l("At least so many people"),
    "fall": _l("Fall"),
    "back": _l("Well again when so much of the loss is back"),
    "weeks": _l("Falling weeks in a row"),
    "workdays": _l("Workdays without any event"),
    "low": _l("Bar: share of those set up who are active"),
    "margin": _l("Well again so far beyond the bar"),
    "after_live": _l("Not within so many days of the go-live"),
    "high": _l("Share of the seats or of a quota in use"),
    "days": _l("Days in a row"),
    "day_14": _l("Bar on day 14"),
    "day_30": _l("Bar on day 30"),
    "day_60": _l("Bar on day 60"),
    "day_90": _l("Bar on day 90"),
}
STAGES = {
    Stage.SIGNED: _l("Signed"),
    Stage.IMPLEMENTATION: _l("Implementation"),
    Stage.INTERNAL_ROLLOUT: _l("Internal rollout"),
    Stage.STEADY_USE: _l("Steady use"),
    Stage.RENEWAL: _l("Renewal"),
    Stage.CHURNED: _l("Churned"),
}


def parameters_said(parameters: Parameters) -> list[tuple[str, str]]:
    """Label and value of each."""
    return [
        (str(LABELS[one.name]), _value(one.kind, getattr(parameters, one.name)))
        for one in fields_of(type(parameters))
    ]


def _value(kind: FieldKind, value: float) -> str:
    if kind is FieldKind.SHARE:
        return pct(value)
    count = int(value)
    if kind is FieldKind.DAYS:
        return ngettext("%(count)s day", "%(count)s days", count, count=num(count))
    if kind is FieldKind.WEEKS:
        return ngettext("%(count)s week", "%(count)s weeks", count, count=num(count))
    return num(count)


def segment_name(rules: tuple[SegmentRule, ...], key: str) -> str:
    if key == OTHERS:
        return _("All others")
    found = next((one for one in rules if one.key == key), None)
    if found is None:
        return key
    return feature_name(request_locale(), found.name_en, found.name_zh)


def place_name(rules: tuple[SegmentRule, ...], segment: str, stage: str) -> str:
    """For whom a setting counts: Strategic, Renewal; or all accounts."""
    names = [segment_name(rules, segment)] if segment else []
    if stage:
        names.append(str(STAGES[Stage(stage)]) if stage in set(Stage) else stage)
    return comma().join(names) if names else _("All accounts")
