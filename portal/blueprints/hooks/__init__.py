"""What other systems tell the portal: the issue trackers that hold a vendor's requests."""

from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal.domain.errors import Invalid, NotFound
from portal.services.requests.tracker import hear
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.guards import public
from portal.web.requests import takes
from portal.web.state import state

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")
MOST_BYTES = 1_000_000


@blueprint.post("/tracker/<secret>")
@public
@takes(MOST_BYTES)
def tracker(secret: str) -> Response:
    """Takes the issue events of GitHub, GitLab and Jira as they send them."""
    wanted = state().settings.tracker_secret.get_secret_value()
    if not wanted or not compare_digest(secret.encode(), wanted.encode()):
        raise NotFound
    payload: Any = request.get_json(force=True, silent=True)
    if payload is None:
        raise Invalid("Send JSON.", code="no-json")
    with state().database.session(
        system_scope(request_time(), request.remote_addr or "hook"), writes=True
    ) as session:
        return jsonify(heard=hear(session, payload))
