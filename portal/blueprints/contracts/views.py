"""What an account has bought."""

from itertools import groupby

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.domain.terms import TermKind
from portal.services.catalogue.contracts import (
    ContractFeature,
    give_edition,
    include_features,
    keep_holidays,
    show_contract,
)
from portal.services.catalogue.editions import list_editions
from portal.services.catalogue.quotas import contract_quotas, quota_measures, set_account_quota
from portal.web.contract_quotas import REFUSALS as QUOTA_REFUSALS
from portal.web.contract_quotas import QuotaForm, quota_lines
from portal.web.guards import db, needs
from portal.web.holidays import REFUSALS as HOLIDAY_REFUSALS
from portal.web.holidays import HolidaysForm
from portal.web.refusals import turning_back
from portal.web.terms import term_name

blueprint = Blueprint("contracts", __name__, template_folder="templates")


@blueprint.get("/accounts/<account_key>/contract")
@needs(Permission.ACCOUNT_DESK)
def show(account_key: str) -> str:
    return _page(account_key)


def _page(
    account_key: str, quota: QuotaForm | None = None, holidays: HolidaysForm | None = None
) -> str:
    """With a form that was sent and refused, or with none."""
    contract = show_contract(db(), account_key)
    if holidays is None:
        holidays = HolidaysForm(formdata=None)
        holidays.fill(contract.holidays)
    quota = quota or QuotaForm(formdata=None)
    quota.offer(quota_measures(db(), account_key))
    holidays.offer()
    ordered = sorted(contract.features, key=lambda one: _module(one).casefold())
    return render_template(
        "contracts/show.html",
        contract=contract,
        editions=list_editions(db()),
        quotas=quota_lines(contract_quotas(db(), account_key)),
        quota=quota,
        holidays=holidays,
        modules=[(name, list(rows)) for name, rows in groupby(ordered, _module)],
    )


def _module(feature: ContractFeature) -> str:
    return term_name(feature.module, TermKind.MODULE)


@blueprint.post("/accounts/<account_key>/contract/edition")
@needs(Permission.USAGE_ADMIN)
def edition(account_key: str) -> Response:
    give_edition(db(), account_key, request.form.get("edition", ""))
    flash(_("The account has this edition now."), "good")
    return redirect(url_for("contracts.show", account_key=account_key))


@blueprint.post("/accounts/<account_key>/contract/quotas")
@needs(Permission.USAGE_ADMIN)
def quotas(account_key: str) -> Response:
    form = QuotaForm()
    form.offer(quota_measures(db(), account_key))
    if form.validate_on_submit():
        with form.refusing(QUOTA_REFUSALS):
            set_account_quota(db(), account_key, form.measure.data, form.amount.data)
            flash(_("The contract is kept."), "good")
            return redirect(url_for("contracts.show", account_key=account_key))
    return make_response(_page(account_key, quota=form), 422)


@blueprint.post("/accounts/<account_key>/contract/holidays")
@needs(Permission.USAGE_ADMIN)
def holidays(account_key: str) -> Response:
    form = HolidaysForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusing(HOLIDAY_REFUSALS):
            keep_holidays(db(), account_key, form.calendar)
            flash(_("Silence is counted in these workdays from tonight on."), "good")
            return redirect(url_for("contracts.show", account_key=account_key))
    return make_response(_page(account_key, holidays=form), 422)


@blueprint.post("/accounts/<account_key>/contract/features")
@needs(Permission.USAGE_ADMIN)
@turning_back("contracts.show", Invalid)
def features(account_key: str) -> Response:
    include_features(db(), account_key, request.form.getlist("features"))
    flash(_("The contract is kept."), "good")
    return redirect(url_for("contracts.show", account_key=account_key))
