from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.admin import blueprint
from portal.blueprints.admin.forms import KeyForm, QuotaForm
from portal.domain.permissions import Permission
from portal.services.accounts import list_account_names
from portal.services.api_keys import (
    NewKey,
    create_key,
    find_key_view,
    list_keys,
    revoke_key,
    set_quota,
)
from portal.web.forms import choices
from portal.web.guards import db, needs

WORDS = {"no-write-key": _l("Only a write key has a quota.")}


@blueprint.get("/keys")
@needs(Permission.USAGE_ADMIN)
def keys() -> str:
    return _page(_form())


@blueprint.post("/keys")
@needs(Permission.USAGE_ADMIN)
def keys_create() -> Response:
    form = _form()
    if form.validate_on_submit():
        with form.refusing(WORDS):
            made = create_key(
                db(), form.name.data, form.kind.data, form.account.data or None, quota=form.quota
            )
            # The secret is on this answer alone, which nothing on the way may keep.
            response = make_response(_page(_form(), made), 201)
            response.headers["Cache-Control"] = "no-store"
            return response
    return make_response(_page(form), 422)


@blueprint.post("/keys/<key>/revocation")
@needs(Permission.USAGE_ADMIN)
def keys_revoke(key: str) -> AnyResponse:
    revoke_key(db(), key)
    flash(_("The key is revoked. What still uses it is refused from now on."), "good")
    return redirect(url_for("admin.keys"))


@blueprint.get("/keys/<key>/quota")
@needs(Permission.USAGE_ADMIN)
def keys_quota(key: str) -> str:
    view = find_key_view(db(), key)
    return render_template("admin/quota.html", form=QuotaForm(obj=view), key=view)


@blueprint.post("/keys/<key>/quota")
@needs(Permission.USAGE_ADMIN)
def keys_quota_set(key: str) -> AnyResponse:
    view, form = find_key_view(db(), key), QuotaForm()
    if not form.validate_on_submit():
        return make_response(render_template("admin/quota.html", form=form, key=view), 422)
    set_quota(db(), key, form.quota)
    flash(_("The quota is set."), "good")
    return redirect(url_for("admin.keys"))


def _form() -> KeyForm:
    form = KeyForm()
    names = list_account_names(db())
    form.account.choices = choices([("", _("All accounts")), *names])
    return form


def _page(form: KeyForm, made: NewKey | None = None) -> str:
    return render_template("admin/keys.html", form=form, keys=list_keys(db()), made=made)
