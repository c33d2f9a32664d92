"""Jobs that failed for good, and the audit log."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.admin import blueprint
from portal.domain.permissions import Permission
from portal.services.audit import AuditFilters, entries
from portal.services.jobs import dead_letters, discard, queue_state, requeue
from portal.web.guards import db, needs


@blueprint.get("/jobs")
@needs(Permission.JOB_READ)
def jobs() -> str:
    return render_template("admin/jobs.html", queue=queue_state(db()), dead=dead_letters(db()))


@blueprint.post("/jobs/<key>/retry")
@needs(Permission.JOB_READ)
def jobs_retry(key: str) -> Response:
    requeue(db(), key)
    flash(_("The job waits in the queue again."), "good")
    return redirect(url_for("admin.jobs"))


@blueprint.post("/jobs/<key>/discard")
@needs(Permission.JOB_READ)
def jobs_discard(key: str) -> Response:
    discard(db(), key)
    flash(_("The job is gone."), "good")
    return redirect(url_for("admin.jobs"))


@blueprint.get("/audit")
@needs(Permission.AUDIT_READ)
def audit() -> str:
    asked = {name: request.args.get(name, "").strip() for name in ("actor", "action")}
    filters = AuditFilters(actor=asked["actor"], action=asked["action"])
    page = entries(db(), filters, request.args.get("page"))
    return render_template("admin/audit.html", page=page, asked=asked)
