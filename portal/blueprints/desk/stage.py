from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.blueprints.desk.views import blueprint
from portal.domain.lifecycle import STAGES, Stage, criteria
from portal.domain.permissions import Permission
from portal.services.lifecycle import LONGEST_REASON, StageView, change_stage, show_stage
from portal.web.formats import day_year
from portal.web.forms import PageForm, choices
from portal.web.guards import db, needs
from portal.web.stages import CRITERIA, stage_name

REFUSALS = {
    "same-stage": _l("The account is in this stage already."),
    "no-such-stage": _l("Choose a stage of the list."),
    "stage-asks-why": _l(
        "Say why: this move is against the order, or something that it asks for is missing."
    ),
}


class StageForm(PageForm):
    to = RadioField(
        _l("The account is now in"),
        [InputRequired(_l("Choose a stage of the list."))],
        choices=choices((stage.value, stage.value) for stage in STAGES),
    )
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=LONGEST_REASON, message=_l("Keep it under 500 characters."))],
        description=_l("Needed where something is missing, or the move is against the order."),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A stage to choose: `asks` are criteria and whether they hold."""

    value: str
    name: str
    current: bool
    asks: list[tuple[str, bool]]


@blueprint.get("/accounts/<account_key>/stage")
@needs(Permission.ACCOUNT_DESK)
def stage(account_key: str) -> str:
    return _page(show_stage(db(), account_key), StageForm(formdata=None))


@blueprint.post("/accounts/<account_key>/stage")
@needs(Permission.ACCOUNT_DESK)
def stage_save(account_key: str) -> Response:
    view, form = show_stage(db(), account_key), StageForm()
    if form.validate_on_submit():
        with form.refusing(REFUSALS):
            change_stage(db(), account_key, form.to.data, form.reason.data or "")
            flash(
                _(
                    "%(account)s is in: %(stage)s.",
                    account=view.name,
                    stage=stage_name(form.to.data),
                ),
                "good",
            )
            return redirect(url_for("desk.account", account_key=account_key))
    return make_response(_page(view, form), 422)


def _page(view: StageView, form: StageForm) -> str:
    here = view.facts.stage
    since = day_year(view.since) if view.since else ""
    said = {"stage": stage_name(here), "day": since}
    lead = _("%(stage)s since %(day)s.", **said) if since else _("Now: %(stage)s.", **said)
    return render_template(
        "desk/stage.html",
        facts=view,
        form=form,
        lead=lead,
        ways=[_choice(one, view) for one in STAGES],
    )


def _choice(stage: Stage, view: StageView) -> Choice:
    current = stage is view.facts.stage
    asks = {} if current else criteria(stage, view.facts)
    said = [(str(CRITERIA[one]), holds) for one, holds in asks.items()]
    return Choice(stage.value, stage_name(stage), current, said)
