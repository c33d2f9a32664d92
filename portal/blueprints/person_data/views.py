"""What is kept of a person: seen, handed out as a file, erased."""

import gzip

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.person_data.forms import MOST, ErasureForm, WhomForm
from portal.domain.errors import Conflict, NotFound
from portal.domain.permissions import Permission
from portal.services.accounts import list_account_names
from portal.services.person_requests import (
    ERASE,
    EXPORT,
    PersonKept,
    ask_for_person,
    list_requests,
    person_file,
    person_kept,
)
from portal.web.formats import day, moment
from portal.web.forms import choices
from portal.web.guards import customer_account_key, db, needs, scope

blueprint = Blueprint(
    "person_data", __name__, url_prefix="/person-data", template_folder="templates"
)
REFUSALS = {
    "in-groups": _l(
        "This account shows people in groups only: no page hands out what a single one did."
    ),
    "request-open": _l("The same is under way already. It stands in the list below."),
}


@blueprint.get("")
@needs(Permission.PERSON_DATA)
def index() -> Response:
    """With ?account=…&person=… what there is of the person."""
    form = _offer(WhomForm(request.args, meta={"csrf": False}))
    if not request.args.get("person"):
        return make_response(_page(_offer(WhomForm(MultiDict(), meta={"csrf": False}))))
    if not form.validate():
        return make_response(_page(form), 422)
    try:
        kept = person_kept(db(), _account_key(form), form.person.data)
    except NotFound:
        form.person.errors = [
            _("Nobody has this id: neither a list of people nor an event names it.")
        ]
        return make_response(_page(form), 404)
    return make_response(_page(form, kept))


@blueprint.get("/requests")
@needs(Permission.PERSON_DATA)
def requests() -> str:
    """The list alone, asked for again while something is under way."""
    return render_template("person_data/_requests.html", requests=list_requests(db()))


@blueprint.post("/exports")
@needs(Permission.PERSON_DATA)
def export() -> Response:
    try:
        ask_for_person(db(), *_whom(request.form), EXPORT)
        flash(
            _("The file is being prepared. It stands in the list below when it is ready."), "good"
        )
    except Conflict as refusal:
        flash(str(REFUSALS[refusal.code]), "watch")
    return redirect(url_for("person_data.index"))


@blueprint.get("/exports/<key>")
@needs(Permission.PERSON_DATA)
def download(key: str) -> Response:
    response = make_response(gzip.decompress(person_file(db(), key)))
    response.mimetype = "application/x-ndjson"
    response.headers.set("Content-Disposition", "attachment", filename=f"person-{key}.jsonl")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/erasure")
@needs(Permission.PERSON_DATA)
def confirm() -> str:
    account_key, person = _whom(request.args)
    form = ErasureForm(MultiDict({"account": account_key, "person": person}))
    return _erasure_page(form, account_key, person)


@blueprint.post("/erasures")
@needs(Permission.PERSON_DATA)
def erase() -> Response:
    account_key, person = _whom(request.form)
    form = ErasureForm()
    if not form.validate_on_submit():
        return make_response(_erasure_page(form, account_key, person), 422)
    try:
        ask_for_person(db(), account_key, person, ERASE)
        flash(_("The person is being erased. The list below says how far it is."), "good")
    except Conflict as refusal:
        flash(str(REFUSALS[refusal.code]), "watch")
    return redirect(url_for("person_data.index"))


def _whom(said: MultiDict[str, str]) -> tuple[str, str]:
    """A customer asks for their own account, whatever is sent."""
    person = said.get("person", "")
    if not person or len(person) > MOST or "\x00" in person:
        raise NotFound
    if scope().role.side == "customer":
        return customer_account_key(), person
    return said.get("account", ""), person


def _offer(form: WhomForm) -> WhomForm:
    if scope().role.side == "customer":
        del form.account
    else:
        form.account.choices = choices(list_account_names(db()))
    return form


def _account_key(form: WhomForm) -> str:
    return form.account.data if "account" in form else customer_account_key()


def _page(form: WhomForm, kept: PersonKept | None = None) -> str:
    return render_template(
        "person_data/index.html",
        form=form,
        found=kept,
        known=_known(kept) if kept else [],
        requests=list_requests(db()),
    )


def _erasure_page(form: ErasureForm, account_key: str, person: str) -> str:
    found = person_kept(db(), account_key, person)
    return render_template("person_data/erasure.html", form=form, found=found)


def _known(kept: PersonKept) -> list[tuple[str, str]]:
    facts = [
        (_("Id"), kept.external_id),
        (
            _("On the list of people"),
            (kept.name or _("yes, without a name")) if kept.is_listed else _("no"),
        ),
        (_("Mail address"), kept.email or _("none")),
    ]
    if not kept.in_groups:
        first = moment(kept.first_at, scope().time_zone) if kept.first_at else _("none")
        last = day(kept.last_day) if kept.last_day else _("none")
        facts += [(_("First use"), first), (_("Last use"), last)]
    return facts
