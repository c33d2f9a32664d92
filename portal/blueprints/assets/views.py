from flask import Blueprint, Response, request

from portal.web.assets import JOINED, content, fingerprint
from portal.web.guards import public
from portal.web.requests import send_asset

blueprint = Blueprint("assets", __name__)


@blueprint.get(f"/static/{JOINED}")
@public
def style_sheet() -> Response:
    response = Response(content(JOINED), content_type="text/css; charset=utf-8")
    response.set_etag(fingerprint(JOINED))
    send_asset(response, JOINED)
    response.make_conditional(request)
    return response
