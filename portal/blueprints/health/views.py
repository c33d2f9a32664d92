from collections.abc import Callable
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.health.forms import OutcomeForm, OverrideForm
from portal.blueprints.health.history import history_rows
from portal.blueprints.health.page import SPANS, Wordings, health_page
from portal.domain.errors import Conflict
from portal.domain.permissions import Permission
from portal.services.adoption import usage_basis
from portal.services.desk import account_facts
from portal.services.health import GlassBox, glass_box
from portal.services.health.models import model_numbers
from portal.services.health.outcomes import (
    EARLIEST,
    latest_day,
    list_outcomes,
    note_outcome,
    remove_outcome,
)
from portal.services.health.overrides import (
    LONGEST,
    account_today,
    end_override,
    override_band,
    past_overrides,
)
from portal.services.segments import segment_rules
from portal.web.adoption.basis import basis_words
from portal.web.clock import request_time
from portal.web.forms import PageForm
from portal.web.guards import db, needs
from portal.web.health import OUTCOMES
from portal.web.portfolio_definitions import define_desk
from portal.web.prose import joined
from portal.web.refusals import turning_back
from portal.web.spreadsheets import csv_file

blueprint = Blueprint("health", __name__, template_folder="templates")
USUAL_LENGTH = timedelta(days=30)
USE_DAYS = 56
"""Four weeks are held against the four before."""


@blueprint.get("/accounts/<account_key>/health")
@needs(Permission.ACCOUNT_DESK)
def show(account_key: str) -> str:
    return _page(account_key)


@blueprint.get("/accounts/<account_key>/health.csv")
@needs(Permission.ACCOUNT_DESK)
def history_csv(account_key: str) -> Response:
    """The history of the span that the page shows, component by component."""
    columns, rows = history_rows(glass_box(db(), account_key, _span()), model_numbers(db()))
    return csv_file(f"health-{account_key}.csv", columns, rows)


@blueprint.post("/accounts/<account_key>/health/override")
@needs(Permission.ACCOUNT_DESK)
def override(account_key: str) -> AnyResponse:
    form = OverrideForm(prefix="override-")
    data = form.band, form.reason, form.until
    today = account_today(db(), account_key)
    form.day_within("until", today, today + LONGEST, _refusals()["bad-until"])
    return _act(
        account_key,
        form,
        lambda: override_band(db(), account_key, *(one.data for one in data)),
        _("Your word counts until then. The score goes on being made beside it."),
    )


@blueprint.post("/accounts/<account_key>/health/override/end")
@needs(Permission.ACCOUNT_DESK)
@turning_back("health.show", Conflict)
def override_end(account_key: str) -> AnyResponse:
    end_override(db(), account_key)
    flash(_("The score counts again."), "toast")
    return redirect(url_for("health.show", account_key=account_key))


@blueprint.post("/accounts/<account_key>/outcomes")
@needs(Permission.ACCOUNT_DESK)
def outcome(account_key: str) -> AnyResponse:
    form = OutcomeForm(prefix="outcome-")
    form.day_within("day", EARLIEST, latest_day(request_time()), _refusals()["bad-day"])
    return _act(
        account_key,
        form,
        lambda: note_outcome(
            db(),
            account_key,
            form.day.data,
            form.outcome.data,
            amount=form.amount.data,
            note=form.note.data or "",
        ),
        _("Noted."),
    )


@blueprint.post("/outcomes/<key>/removal")
@needs(Permission.ACCOUNT_DESK)
def outcome_remove(key: str) -> AnyResponse:
    account_key = remove_outcome(db(), key)
    flash(_("It is taken back."), "toast")
    return redirect(url_for("health.show", account_key=account_key))


def _act(account_key: str, form: PageForm, act: Callable[[], None], said: str) -> AnyResponse:
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            act()
            flash(said, "toast")
            return redirect(url_for("health.show", account_key=account_key))
    return make_response(_page(account_key, form), 422)


def _refusals() -> dict[str, str]:
    return {
        "no-band": _("Choose one of the three."),
        "no-reason": _("Give a reason: it stands beside the score."),
        "bad-until": _("Choose a last day from today on, at most 180 days ahead."),
        "bad-day": _("Choose a day that is over, from 2000 on."),
        "no-outcome": _("Choose what became of it."),
    }


def _use_words(account_key: str, found: GlassBox | None) -> str:
    """Which use the score was made from; nothing of a group that only its accounts make up."""
    if found is None:
        return ""
    basis = usage_basis(db(), account_key, found.row.day, USE_DAYS)
    if found.members and basis.last_event_at is None:
        return ""
    return joined(_("Of the use, eight weeks count."), basis_words(basis))


def _span() -> int:
    asked = request.args.get("days", "")
    return int(asked) if asked in {str(one) for one in SPANS} else SPANS[0]


def _page(account_key: str, form: PageForm | None = None) -> str:
    facts = account_facts(db(), account_key)
    found = glass_box(db(), account_key, _span())
    words = Wordings(model_numbers(db()), segment_rules(db()))
    today = account_today(db(), account_key)
    overriding = OverrideForm(
        formdata=None, prefix="override-", data={"until": today + USUAL_LENGTH}
    )
    noting = OutcomeForm(formdata=None, prefix="outcome-", data={"day": facts.contract_end})
    return render_template(
        "health/show.html",
        facts=facts,
        page=health_page(facts, found, _span(), words, past_overrides(db(), account_key)),
        overriding=form if isinstance(form, OverrideForm) else overriding,
        noting=form if isinstance(form, OutcomeForm) else noting,
        outcomes=list_outcomes(db(), account_key),
        outcome_words=OUTCOMES,
        health_defined=define_desk("health"),
        use=_use_words(account_key, found),
        today=today,
        latest=today + LONGEST,
    )
