"""The form that says whose public holidays an account keeps."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length

from portal.domain.early_warning import calendars
from portal.locales import babel_locale
from portal.web.forms import PageForm, choices
from portal.web.locale import request_locale

REFUSALS = {"no-such-calendar": _l("There is no calendar of this part of the country.")}


class HolidaysForm(PageForm):
    country = SelectField(_l("Country"))
    part = StringField(
        _l("Part of the country"),
        [Length(max=3, message=_l("Such as BY for Bavaria."))],
        description=_l("Its code, such as BY for Bavaria, where it has holidays of its own."),
    )

    def offer(self) -> None:
        self.country.choices = choices(
            [("", _l("none: Monday to Friday are workdays")), *_countries()]
        )

    def fill(self, calendar: str) -> None:
        self.country.data, _, self.part.data = calendar.partition("-")

    @property
    def calendar(self) -> str:
        country, part = self.country.data or "", (self.part.data or "").strip().upper()
        return f"{country}-{part}" if country and part else country


def _countries() -> list[tuple[str, str]]:
    """By their names in the reader's language."""
    names = babel_locale(request_locale()).territories
    named = [(code, f"{names[code]} ({code})") for code in calendars() if code in names]
    return sorted(named, key=lambda one: one[1].casefold())
