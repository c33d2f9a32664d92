from io import BytesIO

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.domain.request_files import refusal
from portal.services.requests.files import FileView, find_file, read_sent, remove_file
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.guards import db, needs, public
from portal.web.refusals import sentence
from portal.web.request_files import (
    LARGEST_FORM,
    kept_keys,
    make_token,
    read_token,
    request_files,
    scanner,
    sent_files,
    shown_files,
)
from portal.web.requests import takes
from portal.web.state import state

blueprint = Blueprint("request_files", __name__, template_folder="templates")
# A file that is opened all the same runs nothing.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.post("/requests/files")
@needs(Permission.PORTAL_USE)
@takes(LARGEST_FORM)
def send() -> Response | str:
    """Takes what was chosen in a form before the form itself is sent. A page gets its field again;
    a script the keys.
    """
    by_page = "HX-Request" in request.headers
    try:
        keys = sent_files(
            account=request.form.get("account", ""), request_key=request.form.get("request", "")
        )
        if not keys:
            raise refusal("no-file", "Choose a file.")
    except Invalid as failure:
        if not by_page:
            raise
        return _field(kept_keys(), sentence(failure))
    if by_page:
        return _field(keys)
    return jsonify(files=[_told(one) for one in shown_files(keys)])


@blueprint.post("/requests/files/<key>/removal")
@needs(Permission.PORTAL_USE)
def remove(key: str) -> Response | str:
    remove_file(db(), request_files(), key)
    if "HX-Request" in request.headers:
        return _field([one for one in kept_keys() if one != key])
    return Response(status=204)


@blueprint.get("/requests/files/<key>")
@needs(Permission.PORTAL_USE)
def show(key: str) -> AnyResponse:
    """Leads those who may read it to an address that works for a few minutes."""
    found = find_file(db(), key, scanned=scanner().there)
    answer = redirect(url_for("request_files.fetch", token=make_token(found)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/files/<token>")
@public
def fetch(token: str) -> Response:
    """No session is asked for, and no cookie is read or set (portal.web.cookieless)."""
    with state().database.open(system_scope(request_time(), "files")) as session:
        sent = read_sent(session, request_files(), read_token(token))
    response = send_file(
        BytesIO(sent.content), sent.media_type, as_attachment=True, download_name=sent.name
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _field(keys: list[str], error: str = "") -> str:
    return render_template("requests/_files_again.html", files=shown_files(keys), error=error)


def _told(one: FileView) -> dict[str, object]:
    return {"key": one.key, "name": one.name, "media_type": one.media_type, "size": one.size}
