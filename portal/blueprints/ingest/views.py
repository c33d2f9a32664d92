from flask import Blueprint, Response, jsonify, request

from portal.services.ingest import take_request
from portal.web.clock import request_time
from portal.web.cross_origin import open_to_browsers
from portal.web.guards import public
from portal.web.intake import REFUSAL, SHORT, basic_user
from portal.web.state import state
from portal.web.turned_away import hold_body

blueprint = Blueprint("ingest", __name__, url_prefix="/v1")
open_to_browsers(blueprint)

ALLOWED = {"__default": {"enabled": True, "integrations": {}}}


@blueprint.post(
    "/<any(batch, track, identify, group, page, screen, alias):kind>", strict_slashes=False
)
@blueprint.post("/<any(b, t, i, g, p, s, a):short>", strict_slashes=False)
@public
def take_in(kind: str = "", short: str = "") -> Response:
    """Keeps the request durably, then answers; its messages are checked one by one when they are
    folded. The key is the user of Basic authentication, or `writeKey` or `api_key` in the body.

    What can be taken never comes here: portal/web/intake.py answers it before Flask wakes up.
    """
    body = request.get_data(cache=False)
    hold_body(body)
    refusal = request.environ.get(REFUSAL)
    if refusal is not None:
        raise refusal
    secret = basic_user(request.headers.get("Authorization", ""))
    take_request(state().database, kind or SHORT[short], body, secret, request_time())
    return jsonify(success=True)


@blueprint.get("/projects/<key>/settings")
@public
def settings(key: str) -> Response:
    """What Segment's browser client asks before it begins: to send here, and nowhere else. A wrong
    key is told the same as a right one.
    """
    protocol, _, host = state().settings.public_url.rstrip("/").partition("://")
    ours = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": protocol}
    return jsonify(
        integrations={"Segment.io": ours},
        plan={"track": ALLOWED, "identify": ALLOWED, "group": ALLOWED},
        metrics={"sampleRate": 0},
    )
