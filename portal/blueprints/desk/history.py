from flask import render_template, request

from portal.blueprints.desk.timeline import timeline_page
from portal.blueprints.desk.views import blueprint
from portal.domain.permissions import Permission
from portal.services.timeline import Part, show_timeline
from portal.web.guards import db, needs
from portal.web.pages import page_number


@blueprint.get("/accounts/<account_key>/timeline")
@needs(Permission.ACCOUNT_DESK)
def timeline(account_key: str) -> str:
    said = request.args.get("part", "")
    part = Part(said) if said in set(Part) else Part.ALL
    found = show_timeline(db(), account_key, part, page_number(request.args))
    return render_template("desk/timeline.html", page=timeline_page(found))
