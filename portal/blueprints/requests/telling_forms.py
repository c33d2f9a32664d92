"""The questions of each kind. Their names are the fields of domain.requests.FIELDS."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.requests import (
    FIELDS,
    LONGEST_FIELD,
    LONGEST_TITLE,
    Kind,
    Visibility,
)
from portal.services.requests.handing_in import Telling
from portal.web.create_forms import CreateForm
from portal.web.forms import choices
from portal.web.request_words import EFFECTS, SEVERITIES, VISIBILITIES

_SHORT = Length(max=LONGEST_TITLE, message=_l("Keep it under 160 characters."))
_LONG = Length(max=LONGEST_FIELD, message=_l("Keep it under 4,000 characters."))
_OWED = InputRequired(_l("Please say this too."))
_BY_ITSELF = frozenset({"visibility", "place", "device", "browser"})
_UNSAID = ("", _l("not said"))


class TellForm(CreateForm):
    """What all kinds ask. Choices of `feature` are those of the account's contract."""

    kind: Kind
    title = StringField(_l("In one line"), [InputRequired(_l("Say what it is about.")), _SHORT])
    effect = SelectField(
        _l("What it means for your work"),
        choices=choices([_UNSAID, *((one.value, said) for one, said in EFFECTS.items())]),
        default="",
    )
    feature = SelectField(_l("Feature"), choices=[], default="")
    visibility = RadioField(
        _l("Who sees it"),
        choices=choices((one.value, said) for one, said in VISIBILITIES.items()),
        default=Visibility.COMPANY.value,
    )

    def telling(self) -> Telling:
        severity = self["severity"].data if "severity" in self else ""
        return Telling(
            kind=self.kind,
            title=self.title.data or "",
            told={name: self[name].data or "" for name in FIELDS[self.kind]},
            visibility=Visibility(self.visibility.data),
            severity=severity or "",
            effect=self.effect.data or "",
            feature_key=self.feature.data or "",
        )

    def typed(self) -> Mapping[str, str]:
        """What a draft keeps: nothing where all that is there has come by itself."""
        kept: dict[str, Any] = {
            field.name: field.data
            for field in self
            if field.type not in {"CSRFTokenField", "OneTimeField"}
        }
        if not any(kept[name] for name in kept if name not in _BY_ITSELF):
            return {}
        return {name: text for name, text in kept.items() if isinstance(text, str)}


class NeedForm(TellForm):
    kind = Kind.NEED
    who = StringField(_l("Who needs it?"), [_OWED, _LONG])
    when = StringField(_l("When does it come up?"), [_OWED, _LONG])
    wants = TextAreaField(_l("What result do they want?"), [_OWED, _LONG])
    so_that = TextAreaField(_l("So that…"), [_LONG])
    today = TextAreaField(_l("How is it done today, and why does that fail?"), [_LONG])


class BugForm(TellForm):
    kind = Kind.BUG
    steps = TextAreaField(_l("What did you do, step by step?"), [_OWED, _LONG])
    expected = TextAreaField(_l("What did you expect?"), [_LONG])
    happened = TextAreaField(_l("What happened instead?"), [_LONG])
    severity = SelectField(
        _l("How bad is it?"),
        choices=choices([_UNSAID, *((one.value, said) for one, said in SEVERITIES.items())]),
        default="",
    )
    place = StringField(_l("Place"), [_LONG])
    device = StringField(_l("Device"), [_LONG])
    browser = StringField(_l("Browser"), [_LONG])


class QuestionForm(TellForm):
    kind = Kind.QUESTION
    question = TextAreaField(_l("Your question"), [_OWED, _LONG])
    tried = TextAreaField(_l("What have you tried so far?"), [_LONG])


FORMS: Mapping[Kind, type[TellForm]] = {
    Kind.NEED: NeedForm,
    Kind.BUG: BugForm,
    Kind.QUESTION: QuestionForm,
}
