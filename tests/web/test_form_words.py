"""No form speaks the library's words, whatever is sent to whichever form."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_wtf.file
import pytest
import wtforms
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField

from portal.web.form_words import ANYTHING_ELSE, FormWords
from portal.web.forms import SpokenForm

LIBRARY = [*Path(wtforms.__file__).parent.rglob("*.py"), Path(flask_wtf.file.__file__)]
SENT = ("", " ", "x", "-1", "1e9", "0001-01-01", "9999-12-31T23:59", "x" * 9000)


def library_words() -> set[str]:
    """Every message that the library may give to a form's catalogue, read from its source."""
    found: set[str] = set()
    for file in LIBRARY:
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and "gettext" in ast.unparse(call.func):
                found |= {
                    one.value
                    for one in call.args[:2]
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def all_forms(of: type[SpokenForm] = SpokenForm) -> Iterator[type[SpokenForm]]:
    """Those of the portal; a wired application has imported them all."""
    for form in of.__subclasses__():
        if sys.modules[form.__module__].__name__.startswith("portal."):
            yield form
        yield from all_forms(form)


def made(form: type[SpokenForm], sent: str) -> SpokenForm:
    names = list(form(formdata=None))
    one = form(formdata=MultiDict([(field.name, sent) for field in names]))
    for field in one:
        if isinstance(field, SelectField | SelectMultipleField) and field.choices is None:
            field.choices = []
    return one


def test_the_source_is_read() -> None:
    assert len(library_words()) > 30
    assert {"Not a valid choice.", "This field is required."} <= library_words()


def test_every_message_of_the_library_is_put_into_words(app: Flask) -> None:
    theirs = library_words()
    with app.test_request_context(), force_locale("en"):
        for message in theirs:
            assert FormWords().gettext(message) not in theirs
            assert FormWords().ngettext(message, message, 3) not in theirs


@pytest.mark.parametrize("locale", ["en", "zh_Hans", "zh_Hant"])
def test_no_form_says_them(app: Flask, locale: str) -> None:
    theirs = library_words()
    forms = {form for form in all_forms() if form.__module__.startswith("portal.blueprints.")}
    assert len(forms) > 50
    said: set[str] = set()
    with app.test_request_context(method="POST"), force_locale(locale):
        for form in forms:
            for sent in SENT:
                one = made(form, sent)
                for field in one:
                    field.validate(one)
                    said |= {str(error) for error in field.errors}
        assert said
        assert not said & theirs
        assert str(ANYTHING_ELSE) not in said
