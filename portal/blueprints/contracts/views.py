"""What an account has bought."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.services.catalogue.contracts import give_edition, include_features, show_contract
from portal.services.catalogue.editions import list_editions
from portal.web.guards import db, needs
from portal.web.refusals import turning_back

blueprint = Blueprint("contracts", __name__, template_folder="templates")


@blueprint.get("/accounts/<account_key>/contract")
@needs(Permission.ACCOUNT_DESK)
def show(account_key: str) -> str:
    contract = show_contract(db(), account_key)
    ordered = sorted(contract.features, key=lambda one: one.module.casefold())
    return render_template(
        "contracts/show.html",
        contract=contract,
        editions=list_editions(db()),
        modules=[(name, list(rows)) for name, rows in groupby(ordered, lambda one: one.module)],
    )


@blueprint.post("/accounts/<account_key>/contract/edition")
@needs(Permission.USAGE_ADMIN)
def edition(account_key: str) -> Response:
    give_edition(db(), account_key, request.form.get("edition", ""))
    flash(_("The account has this edition now."), "good")
    return redirect(url_for("contracts.show", account_key=account_key))


@blueprint.post("/accounts/<account_key>/contract/features")
@needs(Permission.USAGE_ADMIN)
@turning_back("contracts.show", Invalid)
def features(account_key: str) -> Response:
    include_features(db(), account_key, request.form.getlist("features"))
    flash(_("The contract is kept."), "good")
    return redirect(url_for("contracts.show", account_key=account_key))
