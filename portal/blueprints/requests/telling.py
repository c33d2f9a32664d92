"""Handing in: the kind first, then its own questions; what is typed is kept as a draft."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import (
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.requests import blueprint
from portal.blueprints.requests.telling_forms import FORMS, TellForm
from portal.domain.browsers import browser_and_system
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import Kind
from portal.services.requests.drafts import (
    Draft,
    discard_draft,
    find_draft,
    keep_draft,
    list_drafts,
)
from portal.services.requests.features import offered_features
from portal.services.requests.handing_in import hand_in
from portal.web.formats import clock
from portal.web.forms import choices
from portal.web.guards import customer_account_key, db, needs, scope
from portal.web.request_files import LARGEST_FORM, kept_keys, sent_files, shown_files
from portal.web.request_times import day_in
from portal.web.request_words import KINDS
from portal.web.requests import takes
from portal.web.safe_next import own_address
from portal.web.sign_in import current_member

TITLES = {
    Kind.NEED: _l("Tell us the scene"),
    Kind.BUG: _l("Tell us what goes wrong"),
    Kind.QUESTION: _l("Ask us"),
}
PREFILLED = ("title", "question", "from")


@blueprint.get("/new")
@needs(Permission.REQUEST_WRITE)
def new() -> str:
    """The kind first."""
    customer_account_key()
    drafts = {one.kind: day_in(one.updated_at, long=True) for one in list_drafts(db())}
    return render_template("requests/new.html", drafts=drafts, kinds=KINDS, prefilled=_prefilled())


@blueprint.get("/new/<kind>")
@needs(Permission.REQUEST_WRITE)
def tell(kind: str) -> str:
    customer_account_key()
    chosen = _kind(kind)
    draft = find_draft(db(), chosen)
    typed, files = (draft.typed, draft.files) if draft else ({}, ())
    known = {**_filled_in(), **_asked_for()}
    return _page(chosen, FORMS[chosen](formdata=None, data={**known, **typed}), draft, files)


@blueprint.post("/new/<kind>")
@needs(Permission.REQUEST_WRITE)
@takes(LARGEST_FORM)
def hand_in_new(kind: str) -> AnyResponse:
    customer_account_key()
    chosen = _kind(kind)
    form, files = _offer(FORMS[chosen]()), kept_keys()
    with form.refusing({}):
        # Before the form is held, which its request makes final.
        files = sent_files()
    if not form.form_errors and form.validate_on_submit():
        with form.refusing({}):
            key = hand_in(db(), replace(form.telling(), files=tuple(files)))
            discard_draft(db(), chosen)
            flash(_("Handed in. You are told of each step."), "good")
            return redirect(url_for("requests.show", key=key, new=1))
    return make_response(_page(chosen, form, None, files), 422)


@blueprint.post("/drafts/<kind>")
@needs(Permission.REQUEST_WRITE)
def keep(kind: str) -> Response:
    """Sent by the page at each pause. Answers with when it was kept, in words."""
    customer_account_key()
    form = FORMS[_kind(kind)]()
    kept_at = keep_draft(db(), _kind(kind), form.typed(), kept_keys())
    return jsonify(said=_("Kept as a draft at %(time)s.", time=clock(kept_at, scope().time_zone)))


@blueprint.post("/drafts/<kind>/removal")
@needs(Permission.REQUEST_WRITE)
def discard(kind: str) -> AnyResponse:
    customer_account_key()
    discard_draft(db(), _kind(kind))
    flash(_("The draft is gone."), "toast")
    return redirect(url_for("requests.tell", kind=kind, **_prefilled()))


def _kind(said: str) -> Kind:
    if said not in set(Kind):
        raise NotFound
    return Kind(said)


def _prefilled() -> dict[str, Any]:
    """What the page before has given on the way, to be given on."""
    given: dict[str, Any] = {name: request.args.get(name, "")[:400] for name in PREFILLED}
    return {name: text for name, text in given.items() if text}


def _asked_for() -> dict[str, Any]:
    given = _prefilled()
    place = own_address(given.pop("from", ""))
    return {**given, **({"place": place} if place else {})}


def _filled_in() -> dict[str, str]:
    """What the browser says of itself."""
    browser, system = browser_and_system(request.headers.get("User-Agent", "")[:400])
    return {"browser": browser, "device": system}


def _offer(form: TellForm) -> TellForm:
    features = offered_features(db())
    form.feature.choices = choices([("", _("No certain one")), *features])
    return form


def _page(kind: Kind, form: TellForm, draft: Draft | None, files: Sequence[str] = ()) -> str:
    member = current_member()
    return render_template(
        "requests/tell.html",
        kind=kind,
        kind_words=KINDS[kind],
        title=TITLES[kind],
        form=_offer(form),
        attached=shown_files(files),
        draft_day=day_in(draft.updated_at, long=True) if draft else "",
        prefilled=_prefilled(),
        reader=member.key if member else "",
    )
