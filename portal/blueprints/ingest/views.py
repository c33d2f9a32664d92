import binascii
from base64 import b64decode

from flask import Blueprint, Response, jsonify, request

from portal.domain.errors import DomainError
from portal.services.api_keys import USE_NOTED_EVERY, find_key, note_use
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.wire import check_request
from portal.web.clock import request_time
from portal.web.guards import public
from portal.web.state import state

blueprint = Blueprint("ingest", __name__, url_prefix="/v1")


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


class UnknownKey(DomainError):
    status = 401
    code = "unknown-key"


@blueprint.post(
    "/<any(batch, track, identify, group, page, screen, alias):kind>", strict_slashes=False
)
@blueprint.post("/<any(b, t, i, g, p, s, a):short>", strict_slashes=False)
@public
def take_in(kind: str = "", short: str = "") -> Response:
    """Keeps the request durably, then answers; its messages are checked one by one when they are
    folded. The key is the user of Basic authentication, or `writeKey` or `api_key` in the body.
    """
    now = request_time()
    taken = check_request(request.get_data(cache=False), kind or SHORT[short])
    with state().database.session(system_scope(now, "ingest"), writes=True) as session:
        key = find_key(session, _basic_user() or taken.key, "write")
        if key is None:
            raise UnknownKey("The write key is missing, unknown or revoked.")
        accept(session, taken, key)
        if key.used_at is None or now - key.used_at > USE_NOTED_EVERY:
            note_use(session, key.id)
    return jsonify(success=True)


def _basic_user() -> str:
    """The name in `Authorization: Basic`; empty where there is none that can be read."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
