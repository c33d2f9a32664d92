from flask import Blueprint, Response, request

from portal.web.assets import BEHAVIOURS, EDITING, FINDING, JOINED, content, fingerprint
from portal.web.guards import public
from portal.web.requests import send_asset

blueprint = Blueprint("assets", __name__)


@blueprint.get(f"/static/{JOINED}")
@public
def style_sheet() -> Response:
    return _joined(JOINED, "text/css; charset=utf-8")


@blueprint.get(f"/static/{BEHAVIOURS}")
@public
def script() -> Response:
    return _joined(BEHAVIOURS, "text/javascript; charset=utf-8")


@blueprint.get(f"/static/{FINDING}")
@public
def finding() -> Response:
    return _joined(FINDING, "text/javascript; charset=utf-8")


@blueprint.get(f"/static/{EDITING}")
@public
def editing() -> Response:
    return _joined(EDITING, "text/javascript; charset=utf-8")


def _joined(path: str, content_type: str) -> Response:
    response = Response(content(path), content_type=content_type)
    response.set_etag(fingerprint(path))
    send_asset(response, path)
    response.make_conditional(request)
    return response
