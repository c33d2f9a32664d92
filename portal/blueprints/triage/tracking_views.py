"""What is kept beside a request: its issue in the tracker, and how a change was judged."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.triage import blueprint
from portal.blueprints.triage.forms import JudgementForm
from portal.blueprints.triage.show_views import act
from portal.domain.permissions import Permission
from portal.services.requests.judging import judge_change
from portal.services.requests.tracker import link_tracker
from portal.web.guards import db, needs
from portal.web.trackers import TrackerForm


@blueprint.post("/<key>/tracker")
@needs(Permission.REQUEST_TRIAGE)
def track(key: str) -> AnyResponse:
    form = TrackerForm(prefix="tracker-")

    def do() -> None:
        link_tracker(db(), key, form.url.data or "", form.state.data or "")

    return act(key, form, do, _("Saved."))


@blueprint.post("/<key>/judgement")
@needs(Permission.REQUEST_TRIAGE)
def judge(key: str) -> AnyResponse:
    form = JudgementForm(prefix="judge-")
    return act(key, form, lambda: judge_change(db(), key, form.judgement()), _("Judged."))
