from functools import cache
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from portal.locales import OWN_NAMES
from portal.web.forms import PageForm, choices

AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def time_zones() -> list[tuple[str, str]]:
    """IANA names of places, without the aliases of old."""
    named = sorted(zone for zone in available_timezones() if zone.startswith(AREAS))
    return [(zone, zone.replace("_", " ")) for zone in named if "/" in zone] + [("UTC", "UTC")]


class ProfileForm(PageForm):
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Say how we may call you.")), Length(max=200)],
        render_kw={"autocomplete": "name", "maxlength": "200"},
    )
    locale = SelectField(
        _l("Language"), choices=choices([("", _l("As my company has it")), *OWN_NAMES.items()])
    )
    time_zone = SelectField(
        _l("Time zone"),
        choices=lambda: choices([("", _l("As my company has it")), *time_zones()]),
        description=_l("In which hours and days are told to you."),
    )
    theme = RadioField(
        _l("Theme"),
        choices=choices(
            [("auto", _l("As the device")), ("light", _l("Light")), ("dark", _l("Dark"))]
        ),
    )
    letter_keys = BooleanField(
        _l("Single keys act, such as “/” for the search"),
        description=_l("Switch them off if you dictate, or touch keys by accident."),
    )
    daily_mail = BooleanField(_l("Mail me new alerts and due tasks on the morning of each workday"))
    step_mail = BooleanField(
        _l("Mail me once a week which feature waits for us and what teaches it")
    )
