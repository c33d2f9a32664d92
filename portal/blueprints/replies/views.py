from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.requests.replies import (
    LONGEST_NAME,
    Reply,
    change_reply,
    create_reply,
    delete_reply,
    field_of,
    find_reply,
    list_replies,
)
from portal.services.requests.talking import LONGEST_MESSAGE
from portal.web.create_forms import CreateForm
from portal.web.guards import db, needs

blueprint = Blueprint(
    "replies", __name__, url_prefix="/settings/replies", template_folder="templates"
)
_BODY = [Length(max=LONGEST_MESSAGE, message=_l("Keep it under 8,000 characters."))]


class ReplyForm(CreateForm):
    """A text for each of the portal's languages (services.requests.replies.field_of)."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give it a name.")),
            Length(max=LONGEST_NAME, message=_l("Keep it under 120 characters.")),
        ],
    )
    en = TextAreaField(OWN_NAMES["en"], _BODY)
    zh_hans = TextAreaField(OWN_NAMES["zh-Hans"], _BODY)
    zh_hant = TextAreaField(OWN_NAMES["zh-Hant"], _BODY)

    def texts(self) -> dict[str, str]:
        return {locale: self[field_of(locale)].data or "" for locale in LOCALES}


@blueprint.get("")
@needs(Permission.REQUEST_TRIAGE)
def index() -> str:
    rows = [
        (reply, ", ".join(OWN_NAMES[one] for one in LOCALES if reply.texts.get(one)))
        for reply in list_replies(db())
    ]
    return render_template("replies/index.html", rows=rows)


@blueprint.get("/new")
@needs(Permission.REQUEST_TRIAGE)
def new() -> str:
    return render_template("replies/edit.html", form=ReplyForm(formdata=None), reply=None)


@blueprint.post("/new")
@needs(Permission.REQUEST_TRIAGE)
def add() -> AnyResponse:
    form = ReplyForm()
    if form.validate_on_submit():
        with form.refusing(_refusals(), Invalid, Conflict):
            create_reply(db(), form.name.data, form.texts())
            flash(_("Saved."), "toast")
            return redirect(url_for("replies.index"))
        db().rollback()
    return make_response(render_template("replies/edit.html", form=form, reply=None), form.answer)


@blueprint.get("/<key>")
@needs(Permission.REQUEST_TRIAGE)
def edit(key: str) -> str:
    reply = find_reply(db(), key)
    return render_template("replies/edit.html", form=_filled(reply), reply=reply)


@blueprint.post("/<key>")
@needs(Permission.REQUEST_TRIAGE)
def save(key: str) -> AnyResponse:
    reply, form = find_reply(db(), key), ReplyForm()
    if form.validate_on_submit():
        with form.refusing(_refusals(), Invalid, Conflict):
            change_reply(db(), key, form.name.data, form.texts())
            flash(_("Saved."), "toast")
            return redirect(url_for("replies.index"))
        db().rollback()
    page = render_template("replies/edit.html", form=form, reply=reply)
    return make_response(page, form.answer)


@blueprint.post("/<key>/deletion")
@needs(Permission.REQUEST_TRIAGE)
def delete(key: str) -> AnyResponse:
    delete_reply(db(), key)
    flash(_("The reply is deleted."), "toast")
    return redirect(url_for("replies.index"))


def _filled(reply: Reply) -> ReplyForm:
    texts = {field_of(locale): reply.texts.get(locale, "") for locale in LOCALES}
    return ReplyForm(formdata=None, data={"name": reply.name, **texts})


def _refusals() -> dict[str, str]:
    return {
        "bad-reply": _(
            "Give it a name, and write it in one language at least, in at most 8,000 characters."
        ),
        "name-taken": _("Another reply has this name."),
    }
