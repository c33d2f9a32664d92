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

from portal.blueprints.alerts.detail import alert_page
from portal.blueprints.alerts.forms import ClosureForm, SnoozeForm
from portal.blueprints.alerts.listing import list_page, list_rows, read_question
from portal.domain.errors import Conflict
from portal.domain.permissions import Permission
from portal.services.alerts.acts import close_alert, snooze_alert, snooze_range, wake_alert
from portal.services.alerts.listing import (
    accounts_with_alerts,
    every_alert,
    find_alerts,
    reader_today,
    show_alert,
)
from portal.services.tasks import tasks_of_alert
from portal.web.clock import request_time
from portal.web.forms import PageForm
from portal.web.guards import db, needs
from portal.web.refusals import turning_back
from portal.web.spreadsheets import csv_file

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts", template_folder="templates")


@blueprint.get("")
@needs(Permission.ACCOUNT_DESK)
def index() -> str:
    question = read_question(request.args)
    page = list_page(find_alerts(db(), question), question, accounts_with_alerts(db()))
    return render_template("alerts/index.html", page=page)


@blueprint.get("/alerts.csv")
@needs(Permission.ACCOUNT_DESK)
def index_csv() -> Response:
    """All that fit the filters, in their order."""
    columns, rows = list_rows(every_alert(db(), read_question(request.args)))
    return csv_file(f"alerts-{request_time():%Y-%m-%d}.csv", columns, rows)


@blueprint.get("/<key>")
@needs(Permission.ACCOUNT_DESK)
def show(key: str) -> str:
    return _page(key)


@blueprint.post("/<key>/snooze")
@needs(Permission.ACCOUNT_DESK)
@turning_back("alerts.show", Conflict)
def snooze(key: str) -> AnyResponse:
    form = SnoozeForm()
    form.day_within("until", *snooze_range(reader_today(db())), _refusals()["bad-snooze"])
    said = _("The alert sleeps until then.")
    return _act(key, form, lambda: snooze_alert(db(), key, form.until.data, form.reason.data), said)


@blueprint.post("/<key>/waking")
@needs(Permission.ACCOUNT_DESK)
@turning_back("alerts.show", Conflict)
def wake(key: str) -> AnyResponse:
    wake_alert(db(), key)
    flash(_("The alert is back in the list."), "toast")
    return redirect(url_for("alerts.show", key=key))


@blueprint.post("/<key>/closure")
@needs(Permission.ACCOUNT_DESK)
@turning_back("alerts.show", Conflict)
def close(key: str) -> AnyResponse:
    form = ClosureForm(prefix="close-")
    said = _("The alert is closed. The rule comes back only after it was quiet.")
    return _act(key, form, lambda: close_alert(db(), key, form.reason.data), said)


def _act(key: str, form: PageForm, act: Callable[[], None], said: str) -> AnyResponse:
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            act()
            flash(said, "toast")
            return redirect(url_for("alerts.show", key=key))
    return make_response(_page(key, form), 422)


def _refusals() -> dict[str, str]:
    return {
        "bad-snooze": _("Choose a day from tomorrow on, at most 180 days ahead."),
        "no-reason": _("Give a reason: it stands beside the alert."),
    }


def _page(key: str, form: PageForm | None = None) -> str:
    detail = show_alert(db(), key)
    today = reader_today(db())
    snoozing = SnoozeForm(data={"until": today + timedelta(days=7)}, formdata=None)
    closing = ClosureForm(formdata=None, prefix="close-")
    if isinstance(form, SnoozeForm):
        snoozing = form
    elif isinstance(form, ClosureForm):
        closing = form
    return render_template(
        "alerts/show.html",
        page=alert_page(detail, tasks_of_alert(db(), key)),
        snoozing=snoozing,
        closing=closing,
        tomorrow=today + timedelta(days=1),
    )
