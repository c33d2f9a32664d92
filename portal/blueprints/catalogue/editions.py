from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.blueprints.catalogue import blueprint
from portal.blueprints.catalogue.forms import NamedForm, NewEditionForm
from portal.blueprints.catalogue.words import places
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.services.catalogue.editions import (
    EditionLine,
    change_edition,
    create_edition,
    delete_edition,
    list_editions,
    show_edition,
)
from portal.services.catalogue.features import list_choices
from portal.services.catalogue.quotas import edition_quotas as quotas_of_edition
from portal.services.catalogue.quotas import quota_measures, set_edition_quota
from portal.web.contract_quotas import REFUSALS as QUOTA_REFUSALS
from portal.web.contract_quotas import QuotaForm, quota_lines
from portal.web.guards import db, needs
from portal.web.refusals import turning_back

REFUSALS = {
    "edition-exists": _l("There is an edition of that key already."),
    "edition-used": _l("Accounts have this edition. Give them another first."),
    "unknown-feature": _l("Choose features of the catalogue."),
}


@blueprint.get("/editions")
@needs(Permission.USAGE_ADMIN)
def editions() -> str:
    return render_template(
        "catalogue/editions.html", rows=list_editions(db()), tabs=places("editions")
    )


@blueprint.get("/new-edition")
@needs(Permission.USAGE_ADMIN)
def new_edition() -> str:
    return _page(None, NewEditionForm(formdata=None), set())


@blueprint.post("/editions")
@needs(Permission.USAGE_ADMIN)
def edition_create() -> Response:
    form, chosen = NewEditionForm(), set(request.form.getlist("features"))
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Conflict, Invalid):
            create_edition(db(), form.key.data, form.name_en.data, form.name_zh.data or "", chosen)
            flash(_("The edition is kept."), "good")
            return redirect(url_for("catalogue.editions"))
    return make_response(_page(None, form, chosen), 422)


@blueprint.get("/editions/<key>")
@needs(Permission.USAGE_ADMIN)
def edition(key: str) -> str:
    found = show_edition(db(), key)
    return _page(found, NamedForm(formdata=None, obj=found), set(found.features))


@blueprint.post("/editions/<key>")
@needs(Permission.USAGE_ADMIN)
def edition_save(key: str) -> Response:
    found, form = show_edition(db(), key), NamedForm()
    chosen = set(request.form.getlist("features"))
    if form.validate_on_submit():
        with form.refusing(REFUSALS):
            change_edition(db(), key, form.name_en.data, form.name_zh.data or "", chosen)
            flash(_("The edition is kept, for every account that has it."), "good")
            return redirect(url_for("catalogue.editions"))
    return make_response(_page(found, form, chosen), 422)


@blueprint.post("/editions/<key>/quotas")
@needs(Permission.USAGE_ADMIN)
def edition_quotas(key: str) -> Response:
    found, form = show_edition(db(), key), QuotaForm()
    form.offer(quota_measures(db()))
    if form.validate_on_submit():
        with form.refusing(QUOTA_REFUSALS):
            set_edition_quota(db(), key, form.measure.data, form.amount.data)
            flash(_("The edition is kept, for every account that has it."), "good")
            return redirect(url_for("catalogue.edition", key=key))
    kept = NamedForm(formdata=None, obj=found)
    return make_response(_page(found, kept, set(found.features), form), 422)


@blueprint.post("/editions/<key>/deletion")
@needs(Permission.USAGE_ADMIN)
@turning_back("catalogue.edition", Conflict)
def edition_delete(key: str) -> Response:
    delete_edition(db(), key)
    flash(_("The edition is deleted."), "good")
    return redirect(url_for("catalogue.editions"))


def _page(
    found: EditionLine | None,
    form: NamedForm,
    chosen: set[str],
    quota: QuotaForm | None = None,
) -> str:
    quota = quota or QuotaForm(formdata=None)
    quota.offer(quota_measures(db()))
    return render_template(
        "catalogue/edition.html",
        edition=found,
        form=form,
        chosen=chosen,
        modules=list_choices(db()),
        quotas=quota_lines(quotas_of_edition(db(), found.key)) if found else [],
        quota=quota,
    )
