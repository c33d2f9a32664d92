import json
import re
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound

from portal.services.ingest import take_request
from portal.usage.posthog import KIND
from portal.web.clock import request_time
from portal.web.cross_origin import open_to_browsers
from portal.web.guards import public
from portal.web.state import state
from portal.web.turned_away import hold_body

blueprint = Blueprint("posthog", __name__)
open_to_browsers(blueprint)
SETTLED = re.compile(r"[A-Za-z0-9_-]{1,200}")
# Nothing but events is taken: no recordings, surveys or flags, so the clients need not try.
# "surveys" is not told: also for false its browser client asks for a script.
CONFIG: dict[str, Any] = {
    "supportedCompression": ["gzip", "gzip-js"],
    "hasFeatureFlags": False,
    "isAuthenticated": False,
    "toolbarParams": {},
    "siteApps": [],
    "analytics": {"endpoint": "/i/v0/e/"},
    "autocapture_opt_out": False,
    "autocaptureExceptions": False,
    "captureDeadClicks": False,
    "capturePerformance": False,
    "elementsChainAsString": True,
    "errorTracking": {"autocaptureExceptions": False},
    "heatmaps": False,
    "sessionRecording": False,
}
NO_FLAGS: dict[str, Any] = {
    "flags": {},
    "featureFlags": {},
    "featureFlagPayloads": {},
    "errorsWhileComputingFlags": False,
}


@blueprint.post("/batch/", strict_slashes=False)
@blueprint.post("/capture/", strict_slashes=False)
@blueprint.post("/e/", strict_slashes=False)
@blueprint.post("/i/v0/e/", strict_slashes=False)
@public
def events() -> Response:
    """The key is `api_key` or `token` in the body, or of its first event."""
    body = request.get_data(cache=False)
    hold_body(body)
    take_request(state().database, KIND, body, "", request_time())
    return jsonify(status=1)


@blueprint.route("/flags/", methods=["GET", "POST"], strict_slashes=False)
@blueprint.route("/decide/", methods=["GET", "POST"], strict_slashes=False)
@public
def flags() -> Response:
    return jsonify({**CONFIG, **NO_FLAGS})


@blueprint.get("/array/<token>/config")
@public
def config(token: str) -> Response:
    return jsonify({**CONFIG, "token": token})


@blueprint.get("/array/<token>/config.js")
@public
def config_script(token: str) -> Response:
    """The same for a script element, under the name by which the client looks for it."""
    if not SETTLED.fullmatch(token):
        raise NotFound
    told = json.dumps({"config": {**CONFIG, "token": token}, "siteApps": []})
    name = "window._POSTHOG_REMOTE_CONFIG"
    return Response(f'({name} = {name} || {{}})["{token}"] = {told};', mimetype="text/javascript")
