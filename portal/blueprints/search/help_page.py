"""Asking a person what the search could not answer."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.blueprints.search import blueprint
from portal.domain.permissions import Permission
from portal.services.search_help import LONGEST_NOTE, LONGEST_QUESTION, ask_person, who_answers
from portal.web.addresses import of_portal
from portal.web.create_forms import CreateForm
from portal.web.guards import customer_account_key, db, needs
from portal.web.locale import request_locale
from portal.web.search_notes import note_answer


class HelpForm(CreateForm):
    question = StringField(
        _l("Your question"),
        [
            InputRequired(_l("Say what you would like to know.")),
            Length(max=LONGEST_QUESTION, message=_l("Keep it under 200 characters.")),
        ],
    )
    note = TextAreaField(
        _l("What it is about, and what you have tried"),
        [Length(max=LONGEST_NOTE, message=_l("Keep it under 2,000 characters."))],
    )


@blueprint.get("/search/help")
@needs(Permission.KNOWLEDGE_READ)
def help_form() -> str:
    return _page(HelpForm(formdata=None, data={"question": request.args.get("q", "")[:200]}))


@blueprint.post("/search/help")
@needs(Permission.KNOWLEDGE_READ)
def help_ask() -> Response:
    account, form = customer_account_key(), HelpForm()
    if form.validate_on_submit():
        with form.refusing({}):
            link = of_portal(url_for("tasks.show", key="KEY")).replace("KEY", "{key}")
            question = form.question.data.strip()
            name = ask_person(db(), account, question, form.note.data or "", link)
            note_answer(question, request_locale(), found=False)
            flash(_told(name), "good")
            return redirect(url_for("search.index"))
    return make_response(_page(form), 422)


def _page(form: HelpForm) -> str:
    answerer = who_answers(db(), customer_account_key())
    return render_template("search/help.html", form=form, answerer=answerer)


def _told(name: str) -> str:
    if name:
        return _("%(name)s has your question and answers you by mail.", name=name)
    return _("Your question is with our team. Somebody will take it up and answer you by mail.")
