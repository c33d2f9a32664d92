import binascii
from base64 import b64decode

from flask import Blueprint, Response, jsonify, request

from portal.services.ingest import take_request
from portal.web.clock import request_time
from portal.web.cross_origin import open_to_browsers
from portal.web.guards import public
from portal.web.state import state

blueprint = Blueprint("ingest", __name__, url_prefix="/v1")
open_to_browsers(blueprint)

# The short names that Segment's browser client uses.
SHORT = {
    "b": "batch",
    "t": "track",
    "i": "identify",
    "g": "group",
    "p": "page",
    "s": "screen",
    "a": "alias",
}
ALLOWED = {"__default": {"enabled": True, "integrations": {}}}


@blueprint.post(
    "/<any(batch, track, identify, group, page, screen, alias):kind>", strict_slashes=False
)
@blueprint.post("/<any(b, t, i, g, p, s, a):short>", strict_slashes=False)
@public
def take_in(kind: str = "", short: str = "") -> Response:
    """Keeps the request durably, then answers; its messages are checked one by one when they are
    folded. The key is the user of Basic authentication, or `writeKey` or `api_key` in the body.
    """
    body = request.get_data(cache=False)
    take_request(state().database, kind or SHORT[short], body, _basic_user(), request_time())
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


def _basic_user() -> str:
    """The name in `Authorization: Basic`; empty where there is none that can be read."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
