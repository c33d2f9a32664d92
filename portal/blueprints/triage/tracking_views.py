"""What is kept beside a request: its issue in the tracker, and how a change was judged."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.triage import blueprint
from portal.blueprints.triage.forms import JudgementForm
from portal.blueprints.triage.show_views import act
from portal.domain.permissions import Permission
from portal.services.requests.talking import write_note
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
    """Kept as an internal note, in the words of whoever judges."""
    form = JudgementForm(prefix="judge-")
    return act(key, form, lambda: write_note(db(), key, _judged(form)), _("Noted."))


def _judged(form: JudgementForm) -> str:
    core = form.core.data == "yes"
    verdict = _("A core process: it may go into this phase.")
    later = _("Not a core process: phase two.")
    answers = (form.who, form.urgency, form.effort, form.risk)
    lines = [f"{one.label.text} {one.data}" for one in answers]
    return "\n".join([verdict if core else later, *lines])
