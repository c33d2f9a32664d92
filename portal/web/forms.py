"""What all forms share: refusals of a service beside the fields, and where the focus goes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, Form, IntegerField
from wtforms.fields import SelectChoice

from portal.domain.errors import DomainError, Invalid
from portal.web.form_words import FormWords
from portal.web.refusals import sentence

LONGEST_NUMBER = 15
FIRST_YEAR, LAST_YEAR = 2000, 2100


class WholeNumberField(IntegerField):
    """A whole number of at most 15 characters: a longer one is no number that anybody means,
    and more than the library can compare with a range.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > LONGEST_NUMBER:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class MomentField(DateTimeLocalField):
    """Day and time as clocks of some zone show them, in years that somebody can mean."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        typed: datetime | None = self.data
        if typed is not None and not FIRST_YEAR <= typed.year <= LAST_YEAR:
            said = _("Choose a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
            raise ValueError(said)


class SpokenForm(FlaskForm):
    """A form whose built-in messages are in our words and the reader's language."""

    class Meta:  # noqa: D106 # the class around it says it
        def get_translations(self, _form: Form) -> Any:
            return FormWords()


class PageForm(SpokenForm):
    """A form of a page. `refuse` puts what a service objected to beside its fields; `answer` is
    the status of the page that shows the form again.
    """

    answer = Invalid.status
    _days: tuple[tuple[str, date, date, str], ...] = ()

    def day_within(self, name: str, first: date, last: date, said: str) -> None:
        """The field's day is held against these with all that is typed, so that who mends another
        field does not hear of it later.
        """
        self._days = (*self._days, (name, first, last, said))

    def validate(self, *args: Any, **more: Any) -> bool:
        good = bool(super().validate(*args, **more))
        for name, first, last, said in self._days:
            if self[name].data is not None and not first <= self[name].data <= last:
                self[name].errors, good = [*self[name].errors, said], False
        if not good:
            focus_first_error(self)
        return good

    def refuse(self, failure: DomainError, words: Mapping[Any, Any]) -> None:
        """`words` maps a refusal's code to what the reader is told. A field that the form does
        not have, or none, makes it an error of the whole form.
        """
        said = str(words[failure.code]) if failure.code in words else sentence(failure)
        named = [self[name] for name in failure.fields if name in self]
        for field in named:
            field.errors = [*field.errors, said]
        if not named:
            self.form_errors.append(said)
        focus_first_error(self)

    @contextmanager
    def refusing(self, words: Mapping[Any, Any], *kinds: type[DomainError]) -> Iterator[None]:
        """A refusal of these kinds (Invalid, where none is named) inside the block ends the block
        and stands in the form.
        """
        caught = kinds or (Invalid,)
        try:
            yield
        except caught as failure:
            self.refuse(failure, words)
            self.answer = failure.status


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Options of a SelectField or RadioField, from values and labels."""
    return [SelectChoice(value, label) for value, label in pairs]


def trimmed(typed: str | None) -> str | None:
    """Filter of a name's field: one of spaces is none, for nobody could see or click it."""
    return typed.strip() if typed else typed


def focus_first_error(form: Form) -> None:
    """After a failed send the first field with an error has the focus, without script too."""
    for field in form:
        if field.errors and field.type not in {"HiddenField", "CSRFTokenField"}:
            give_focus(field)
            return


def give_focus(field: Field) -> None:
    field.render_kw = {**(field.render_kw or {}), "autofocus": True}


def file_s_lines(typed: str | None) -> str:
    """Browsers end lines otherwise than files do."""
    return (typed or "").replace("\r\n", "\n")
