from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.domain.requests import LONGEST_FIELD, LONGEST_REASON, LONGEST_TITLE, Kind, State
from portal.locales import LOCALES
from portal.services.requests.sharing import SharedText, Target
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, choices
from portal.web.request_words import KINDS
from portal.web.roadmap import target_words

QUARTERS_AHEAD, MONTHS_AHEAD, MONTHS, QUARTER = 8, 12, 12, 3
NO_TARGET = ""


class TextsForm(PageForm):
    """`title_<locale>` and `body_<locale>` stand below for each language."""

    feature = SelectField(_l("Feature"), validate_choice=True)

    def texts(self) -> dict[str, SharedText]:
        return {
            code: SharedText(self[f"title_{code}"].data or "", self[f"body_{code}"].data or "")
            for code in LOCALES
        }

    def offer_features(self, features: list[tuple[str, str]]) -> None:
        self.feature.choices = choices([("", _l("None")), *features])


for _code in LOCALES:
    setattr(
        TextsForm,
        f"title_{_code}",
        StringField(
            _l("Title"),
            [Length(max=LONGEST_TITLE, message=_l("Say it in at most 160 characters."))],
        ),
    )
    setattr(
        TextsForm,
        f"body_{_code}",
        TextAreaField(
            _l("What it is about"),
            [Length(max=LONGEST_FIELD, message=_l("Keep it under 4,000 characters."))],
        ),
    )


class NewForm(CreateForm, TextsForm):
    """`origin`: the keys of the requests that it is made of, one or two, with a comma between."""

    kind = SelectField(_l("Kind"), choices=choices(KINDS.items()), coerce=str)
    origin = HiddenField()

    def origins(self) -> list[str]:
        return [one for one in (self.origin.data or "").split(",") if one][:2]

    def kind_chosen(self) -> Kind:
        return Kind(self.kind.data)


class EditForm(TextsForm):
    target = SelectField(_l("When it is meant to come"), validate_choice=True)
    version = HiddenField()

    def offer_targets(self, today: date, now_set: Target) -> None:
        near = [one for one in _targets(today) if one.on != now_set.on or one.unit != now_set.unit]
        if now_set.unit:
            near.insert(0, now_set)
        near.sort(key=lambda one: (one.unit == "month", one.on))
        pairs = [(target_value(one), target_words(one)) for one in near]
        self.target.choices = choices([(NO_TARGET, _l("Nothing is said")), *pairs])

    def target_chosen(self) -> Target:
        unit, _between, day = (self.target.data or "").partition(":")
        feature = self.feature.data or ""
        return Target(date.fromisoformat(day), unit, feature) if day else Target(None, "", feature)


class MoveForm(PageForm):
    to = SelectField(_l("Take it to"), validate_choice=True)
    reason = TextAreaField(
        _l("Why"),
        [Length(max=LONGEST_REASON, message=_l("Keep it under 2,000 characters."))],
    )
    release_note = SelectField(_l("Release note"), validate_choice=True)
    version = HiddenField()

    def state(self) -> State:
        return State(self.to.data)


class IntoForm(PageForm):
    """`into`: a code or a key."""

    into = StringField(_l("Into"), [Length(max=40, message=_l("This is no code."))])


def target_value(target: Target) -> str:
    return f"{target.unit}:{target.on}" if target.on else NO_TARGET


def version_of(form: EditForm | MoveForm) -> int | None:
    said = form.version.data or ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < MONTHS else None


def _targets(today: date) -> list[Target]:
    quarter = (today.month - 1) // QUARTER
    quarters = [
        Target(_last_day(today.year, (quarter + ahead) * QUARTER + QUARTER), "quarter")
        for ahead in range(QUARTERS_AHEAD)
    ]
    months = [
        Target(_last_day(today.year, today.month + ahead), "month") for ahead in range(MONTHS_AHEAD)
    ]
    return [*quarters, *months]


def _last_day(year: int, month: int) -> date:
    """Of a month counted on from January of the year."""
    years, index = divmod(month, MONTHS)
    return date.fromordinal(date(year + years, index + 1, 1).toordinal() - 1)
