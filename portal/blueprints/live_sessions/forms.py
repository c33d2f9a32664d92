from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from portal.services.training.account_learners import Learning
from portal.services.training.sessions import SessionText
from portal.web.forms import MomentField, PageForm, WholeNumberField, choices

LEVELS = {
    "new": _l("It is new to me"),
    "some": _l("I have tried it"),
    "often": _l("I use it often"),
}
ADDRESS = Regexp(r"https://[^\s\"<>]+\Z", message=_l("Write an address that begins with https://."))


class SessionForm(PageForm):
    """The moment is what clocks of the account's zone show."""

    title = StringField(
        _l("Title"),
        [
            InputRequired(_l("Write a title.")),
            Length(max=200, message=_l("Keep it under 200 characters.")),
        ],
    )
    starts_at = MomentField(
        _l("Begins at"),
        [InputRequired(_l("Choose day and time."))],
    )
    minutes = WholeNumberField(
        _l("Minutes"),
        [InputRequired(_l("Write a number.")), NumberRange(5, 600, _l("From 5 to 600."))],
    )
    trainer = StringField(_l("Trainer"), [Length(max=200)])
    place = StringField(_l("Room"), [Length(max=300)])
    link = StringField(_l("Address of the call"), [Optional(), Length(max=1000), ADDRESS])
    note = TextAreaField(_l("What it is about"), [Length(max=4000)])
    people = SelectMultipleField(_l("Who is invited"), validate_choice=False)

    def offer(self, people: list[Learning]) -> "SessionForm":
        self.people.choices = choices((one.key, one.name) for one in people)
        return self

    def text(self, zone: str) -> SessionText:
        typed: datetime = self.starts_at.data
        return SessionText(
            title=(self.title.data or "").strip(),
            note=(self.note.data or "").strip(),
            starts_at=typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
            minutes=self.minutes.data or 0,
            place=(self.place.data or "").strip(),
            link=(self.link.data or "").strip(),
            trainer=(self.trainer.data or "").strip(),
        )


class NeedsForm(PageForm):
    level = RadioField(
        _l("How well do you know it?"), choices=choices(LEVELS.items()), validate_choice=False
    )
    needs = TextAreaField(_l("What do you need from the session?"), [Length(max=2000)])


class CodeForm(PageForm):
    code = StringField(_l("Code shown in the room"))


class HandOutForm(PageForm):
    recording = StringField(_l("Address of the recording"), [Optional(), Length(max=1000), ADDRESS])
    materials = StringField(_l("Address of the materials"), [Optional(), Length(max=1000), ADDRESS])
