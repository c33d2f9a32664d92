"""Synonyms and stop words: listed, added, removed with a way back, as a file."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.blueprints.search import blueprint
from portal.blueprints.search.tabs import tabs
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.services.imports import ImportRefused
from portal.services.search_trial import Trial, try_words
from portal.services.search_words import (
    COLUMNS,
    LIFT,
    STOP,
    SYNONYM,
    add_words,
    built_in_stop_words,
    export_words,
    import_words,
    list_words,
    remove_words,
)
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.forms import PageForm, choices
from portal.web.guards import db, needs
from portal.web.search_index import search_index
from portal.web.spreadsheets import csv_file

KINDS = {
    SYNONYM: _l("Mean the same"),
    STOP: _l("Says nothing"),
    LIFT: _l("Says something after all"),
}
REFUSALS = {
    "few-words": _l("Give 2 to 12 words, with commas between them."),
    "one-word": _l("Give one word."),
    "not-built-in": _l("Name a word of the built-in list."),
    "bad-words": _l("Keep each word under 60 characters."),
    "words-stand": _l("These words stand here already."),
    "too-many-words": _l("There are as many groups as there may be."),
}


class WordsForm(PageForm):
    kind = SelectField(_l("Kind"), validate_choice=True)
    words = StringField(
        _l("Words"),
        [
            InputRequired(_l("Give the words.")),
            Length(max=800, message=_l("Keep it under 800 characters.")),
        ],
    )
    question = StringField(
        _l("Question to try them with"),
        [Length(max=200, message=_l("Keep it under 200 characters."))],
    )


class WordsFileForm(PageForm):
    file = FileField(_l("CSV file"), [InputRequired(_l("Choose a file."))])


@blueprint.get("/search/words")
@needs(Permission.SEARCH_TEACH)
def words() -> str:
    return _page(_form(WordsForm(formdata=None)))


@blueprint.post("/search/words")
@needs(Permission.SEARCH_TEACH)
def words_add() -> AnyResponse:
    form = _form(WordsForm())
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Invalid, Conflict):
            if "try" in request.form:
                return make_response(_page(form, trial=_try(form)))
            add_words(db(), form.kind.data, form.words.data)
            flash(_("Kept. Searches follow within a few seconds."), "toast")
            return redirect(url_for("search.words"))
    return make_response(_page(form), form.answer)


@blueprint.post("/search/words/<key>/removal")
@needs(Permission.SEARCH_TEACH)
def words_remove(key: str) -> AnyResponse:
    gone = remove_words(db(), key)
    undo = url_for("search.words_restore", kind=gone.kind, words=", ".join(gone.words))
    flash(_("Removed."), f"undo:{undo}")
    return redirect(url_for("search.words"))


@blueprint.post("/search/words/restoration")
@needs(Permission.SEARCH_TEACH)
def words_restore() -> AnyResponse:
    """Puts back what was removed a moment ago."""
    add_words(db(), request.args.get("kind", ""), request.args.get("words", ""))
    flash(_("It is back."), "toast")
    return redirect(url_for("search.words"))


@blueprint.get("/search/words.csv")
@needs(Permission.SEARCH_TEACH)
def words_csv() -> Response:
    """In the form in which it is imported again."""
    name = f"search-words-{request_time():%Y-%m-%d}.csv"
    return csv_file(name, COLUMNS, export_words(list_words(db())))


@blueprint.post("/search/words/file")
@needs(Permission.SEARCH_TEACH)
def words_import() -> AnyResponse:
    form = WordsFileForm()
    if not form.validate_on_submit():
        return make_response(_page(_form(WordsForm(formdata=None)), file=form), 422)
    try:
        new, same = import_words(db(), form.file.data.read())
    except ImportRefused as refused:
        page = _page(_form(WordsForm(formdata=None)), file=form, refused=refused)
        return make_response(page, 422)
    said = ngettext("%(count)s group is new", "%(count)s groups are new", new, count=num(new))
    flash(_("%(new)s, %(same)s stood here already.", new=said, same=num(same)), "good")
    return redirect(url_for("search.words"))


def _try(form: WordsForm) -> Trial:
    question = " ".join((form.question.data or form.words.data).split())
    engine = search_index().engine
    return try_words(db(), engine, question, form.kind.data, form.words.data)


def _form(form: WordsForm) -> WordsForm:
    form.kind.choices = choices(KINDS.items())
    return form


def _page(
    form: WordsForm,
    *,
    file: WordsFileForm | None = None,
    refused: ImportRefused | None = None,
    trial: Trial | None = None,
) -> str:
    return render_template(
        "search/words.html",
        tabs=tabs("words"),
        form=form,
        file=file or WordsFileForm(formdata=None),
        refused=refused,
        trial=trial,
        groups=list_words(db()),
        built_in=built_in_stop_words(db()),
        kinds=KINDS,
    )
