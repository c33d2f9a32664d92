"""The form of a calendar: zone, hours by weekday, holidays, days off."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.errors import Invalid
from portal.services.requests.levels import CalendarRow, CalendarText
from portal.web.context import vendor_view
from portal.web.create_forms import CreateForm
from portal.web.forms import choices, focus_first_error
from portal.web.holidays import HolidaysForm

USUAL_DAY, WORKDAYS = "09:00-17:00", 5
_SPANS = [Length(max=200, message=_l("Write spans like 09:00-17:00, in order."))]
# The service speaks English.
SENTENCES = {
    "Give it a name of at most 120 characters.": _l("Give it a name of at most 120 characters."),
    "Another calendar has this name.": _l("Another calendar has this name."),
    "Write spans like 09:00-17:00, in order.": _l("Write spans like 09:00-17:00, in order."),
    "Say on at least one day when you work.": _l("Say on at least one day when you work."),
    "Write each day like 2026-12-24.": _l("Write each day like 2026-12-24."),
    "At most 400 days.": _l("At most 400 days."),
    "Choose a zone of the list.": _l("Choose a zone of the list."),
    "There is no such calendar of holidays.": _l(
        "There is no calendar of this part of the country."
    ),
}


class CalendarForm(HolidaysForm):
    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give it a name that colleagues know.")),
            Length(max=120, message=_l("Keep it under 120 characters.")),
        ],
    )
    zone = SelectField(_l("Time zone"))
    hours_0 = StringField(_l("Monday"), _SPANS)
    hours_1 = StringField(_l("Tuesday"), _SPANS)
    hours_2 = StringField(_l("Wednesday"), _SPANS)
    hours_3 = StringField(_l("Thursday"), _SPANS)
    hours_4 = StringField(_l("Friday"), _SPANS)
    hours_5 = StringField(_l("Saturday"), _SPANS)
    hours_6 = StringField(_l("Sunday"), _SPANS)
    days_off = TextAreaField(
        _l("Days off beside the holidays"),
        [Length(max=6000, message=_l("At most 400 days."))],
        description=_l("One a line, like 2026-12-24."),
    )

    def offer(self) -> None:
        super().offer()
        self.country.choices[0] = choices([("", _l("none"))])[0]
        self.zone.choices = choices((one, one) for one in sorted(available_timezones()))

    @property
    def days(self) -> list[StringField]:
        return [self[f"hours_{weekday}"] for weekday in range(7)]

    def suggest(self) -> None:
        """The usual week where the vendor is."""
        self.zone.data = vendor_view().time_zone
        for field in self.days[:WORKDAYS]:
            field.data = USUAL_DAY

    def show(self, row: CalendarRow) -> None:
        self.name.data, self.zone.data = row.name, row.zone
        self.fill(row.holidays)
        self.days_off.data = "\n".join(row.days_off)
        for weekday, field in enumerate(self.days):
            spans = row.hours.get(str(weekday), [])
            field.data = ", ".join(f"{start}-{end}" for start, end in spans)

    @property
    def text(self) -> CalendarText:
        return CalendarText(
            name=self.name.data or "",
            zone=self.zone.data or "",
            hours={str(weekday): field.data or "" for weekday, field in enumerate(self.days)},
            holidays=self.calendar,
            days_off=self.days_off.data or "",
        )

    @contextmanager
    def refusing_each(self) -> Iterator[None]:
        """What the service objects to stands beside each field."""
        try:
            yield
        except Invalid as refused:
            for name, said in refused.fields.items():
                field = self["part" if name == "holidays" else name]
                field.errors = [*field.errors, str(SENTENCES.get(said, said))]
            focus_first_error(self)


class NewCalendarForm(CreateForm, CalendarForm):
    pass
