"""Targets and peers: read on both sides, set by the vendor's."""

from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.adoption import blueprint
from portal.blueprints.adoption.forms import TAKEN, ChangeForm, TargetForm
from portal.blueprints.adoption.keeping import kept
from portal.blueprints.adoption.links import Links
from portal.domain.account_metrics import volume_metric
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.models import MetricTarget
from portal.services.accounts import AccountHead, account_head
from portal.services.adoption import last_full_day
from portal.services.peers import list_peers
from portal.services.targets import (
    change_target,
    find_target,
    remove_target,
    set_target,
    target_version,
)
from portal.services.volumes import SeriesHead, list_series
from portal.web.adoption.metric_names import metric_name
from portal.web.adoption.quantities import scaled, unscaled
from portal.web.adoption.target_facts import read_facts
from portal.web.adoption.targets import targets_page
from portal.web.clock import request_time
from portal.web.context import frame_of
from portal.web.guards import customer_account_key, db, needs, scope


@blueprint.get("/adoption/targets")
@needs(Permission.ADOPTION_READ)
def targets() -> Response:
    return _targets(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/targets")
@needs(Permission.ACCOUNT_DESK)
def targets_of_account(account_key: str) -> Response:
    return _targets(account_key)


@blueprint.get("/accounts/<account_key>/adoption/targets/new")
@needs(Permission.TARGET_WRITE)
def target_new(account_key: str) -> Response:
    form = TargetForm(metric=request.args.get("metric"))
    return make_response(_form(account_head(db(), account_key), form))


@blueprint.post("/accounts/<account_key>/adoption/targets")
@needs(Permission.TARGET_WRITE)
def target_set(account_key: str) -> AnyResponse:
    head, form = account_head(db(), account_key), TargetForm()
    offered = form.offer(_series(head))
    form.measure(form.metric.data if form.metric.data in offered else None, _day(head))
    if form.validate_on_submit():
        goal = unscaled(form.metric.data, form.goal.data)
        with form.refusing(TAKEN, Invalid, Conflict):
            set_target(db(), head.key, form.metric.data, goal, form.due.data)
            flash(_("The target is set. Your customer sees it from now on."), "good")
            return redirect(Links(head.key).targets())
    return make_response(_form(head, form), form.answer)


@blueprint.get("/accounts/<account_key>/adoption/targets/<key>")
@needs(Permission.TARGET_WRITE)
def target_edit(account_key: str, key: str) -> Response:
    head, target = account_head(db(), account_key), find_target(db(), account_key, key)
    form = ChangeForm(goal=round(scaled(target.metric, target.goal), 2), due=target.due)
    return make_response(_form(head, form, target))


@blueprint.post("/accounts/<account_key>/adoption/targets/<key>")
@needs(Permission.TARGET_WRITE)
def target_change(account_key: str, key: str) -> AnyResponse:
    head, target = account_head(db(), account_key), find_target(db(), account_key, key)
    form = ChangeForm()
    form.measure(target.metric, _day(head))
    if form.validate_on_submit():
        goal = unscaled(target.metric, form.goal.data)
        with form.refusing({}):
            change_target(db(), head.key, key, goal, form.due.data)
            flash(_("The target is changed."), "good")
            return redirect(Links(head.key).targets())
    return make_response(_form(head, form, target), 422)


@blueprint.post("/accounts/<account_key>/adoption/targets/<key>/removal")
@needs(Permission.TARGET_WRITE)
def target_remove(account_key: str, key: str) -> AnyResponse:
    remove_target(db(), account_key, key)
    flash(_("The target is removed."), "good")
    return redirect(Links(account_key).targets())


def _targets(account_key: str) -> Response:
    head = account_head(db(), account_key)
    peers = list_peers(db(), head.key)
    asked = (target_version(db(), head.key), sorted(map(repr, peers.values())))
    return kept(head, asked, lambda: _shown(head))


def _shown(head: AccountHead) -> str:
    return render_template(
        "adoption/targets.html",
        frame=frame_of(scope()),
        head=head,
        links=Links(head.key),
        page=targets_page(read_facts(db(), head.key)),
    )


def _day(head: AccountHead) -> date:
    return last_full_day(head.time_zone, request_time())


def _series(head: AccountHead) -> dict[str, SeriesHead]:
    return {volume_metric(one.key): one for one in list_series(db(), head.key)}


def _form(head: AccountHead, form: ChangeForm, target: MetricTarget | None = None) -> str:
    series = _series(head)
    if isinstance(form, TargetForm):
        form.offer(series)
    return render_template(
        "adoption/target_form.html",
        head=head,
        links=Links(head.key),
        form=form,
        target=target,
        name=metric_name(target.metric, series) if target else "",
    )
