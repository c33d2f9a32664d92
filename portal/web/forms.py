"""What all forms share: refusals of a service beside the fields, and where the focus goes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, IntegerField
from wtforms.fields import SelectChoice
from wtforms.i18n import get_translations

from portal.domain.errors import DomainError, Invalid
from portal.web.refusals import sentence

# How WTForms names the languages of its own messages. Flask-WTF would look for zh_Hant, miss it
# and speak simplified Chinese.
_LIBRARY_LOCALES = {"en": "en", "zh_Hans": "zh", "zh_Hant": "zh_TW"}


_WHOLE, _NUMBER = _l("Write a whole number, such as 12."), _l("Write a number, such as 12.5.")
# What the library says in the words of whoever programmes.
_IN_PLAIN_WORDS = {
    "Not a valid integer value.": _WHOLE,
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
}
LONGEST_NUMBER = 15


class WholeNumberField(IntegerField):
    """A whole number of at most 15 characters: a longer one is no number that anybody means,
    and more than the library can compare with a range.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > LONGEST_NUMBER:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class _Said:
    """The library's messages in the reader's language, some of them in better words."""

    def __init__(self, library: Any) -> None:
        self.ngettext = library.ngettext
        self._library = library

    def gettext(self, message: str) -> str:
        ours = _IN_PLAIN_WORDS.get(message)
        return str(self._library.gettext(message) if ours is None else ours)


class SpokenForm(FlaskForm):
    """A form whose built-in messages are in the reader's language."""

    class Meta:  # noqa: D106 # the class around it says it
        def get_translations(self, _form: Form) -> Any:
            return _Said(get_translations([_LIBRARY_LOCALES[str(get_locale())]]))


class PageForm(SpokenForm):
    """A form of a page. `refuse` puts what a service objected to beside its fields; `answer` is
    the status of the page that shows the form again.
    """

    answer = Invalid.status

    def validate(self, *args: Any, **more: Any) -> bool:
        good = bool(super().validate(*args, **more))
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
