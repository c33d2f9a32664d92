"""What the charts of alerts show: a point a week of the measure that the rule looks at."""

from flask_babel import lazy_gettext as _l

from portal.domain.early_warning import Evidence
from portal.web.adoption.definitions import Definition, popover
from portal.web.contract_quotas import measure_name

MEASURES = {
    "wau": Definition(
        _l("active in the week"),
        _l("Different people with at least one event in the seven days that end with the day."),
    ),
    "mau": Definition(
        _l("active in 30 days"),
        _l("Different people with at least one event in the 30 days that end with the day."),
    ),
    "login_week": Definition(
        _l("set up and active in the week"),
        _l(
            "Different people set up with at least one event in the seven days that end with the "
            "day."
        ),
    ),
    "activated": Definition(
        _l("have begun"), _l("People set up who have used the product at least once by the day.")
    ),
    "week_events": Definition(
        _l("events in the week"),
        _l("All events of the account in the seven days that end with the day."),
    ),
    "week_uses": Definition(
        _l("days of use in the week"),
        _l(
            "On how many of the seven days that end with the day the unused core features were "
            "used by anybody: the days of each of them, added up."
        ),
    ),
}


def measure_word(one: Evidence) -> str:
    """The name of the drawn series."""
    known = MEASURES.get(one.measure)
    return str(known.name) if known else measure_name(one.measure, one.name)


def measure_definition(one: Evidence) -> dict[str, str] | None:
    """None of a quota: its own name says all that is known."""
    known = MEASURES.get(one.measure)
    return popover(known, "define-measure") if known else None
