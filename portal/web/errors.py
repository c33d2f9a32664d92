"""Every failure leaves here: as a page, as a fragment for htmx, or as RFC 9457 problem+json."""

import structlog
from flask import Flask, Response, g, json, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from portal.domain.errors import DomainError
from portal.web.refusals import sentence

log = structlog.get_logger(__name__)
MOST_HEARD = 16 * 1024 * 1024
A_PIECE = 64 * 1024
POSTHOG_PATHS = ("/batch/", "/capture/", "/e/", "/i/v0/e/", "/flags/", "/decide/", "/array/")
# Asked by scripts of ours: problems, too, in the reader's own words.
SCRIPT_PATHS = ("/knowledge/files",)
SCRIPT_VIEWS = ("request_files.send", "request_files.remove")
MACHINE_PATHS = ("/api/", "/v1/", "/hooks/", "/healthz", "/readyz", "/metrics", *POSTHOG_PATHS)


def init_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    # More ask at once than there are connections.
    app.register_error_handler(NoConnection, _database)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _unexpected)


def _domain(failure: DomainError) -> Response:
    words = failure.message if _from_machine() else sentence(failure)
    return answer(failure.status, failure.code, words, failure)


def _stale_form(_failure: CSRFError) -> Response:
    words = _("This page was open for too long. Load it again and send it once more.")
    return answer(400, "stale-form", words)


def _http(failure: HTTPException) -> Response:
    status = failure.code or 500
    if isinstance(failure, RequestEntityTooLarge):
        _hear_out()
    response = failure.get_response()
    if status < 400:  # noqa: PLR2004 # a redirect is no failure
        return make_response(response)
    made = answer(status, (failure.name or "error").lower().replace(" ", "-"), _words(status))
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            made.headers[name] = response.headers[name]
    return made


def _hear_out() -> None:
    """Reads what was refused unread, within bounds: a client that is cut off while it sends sees
    a broken connection and never the reason.
    """
    left = request.content_length or 0
    if not (request.max_content_length or 0) < left <= MOST_HEARD:
        return
    source = request.environ["wsgi.input"]
    while left and (piece := source.read(min(left, A_PIECE))):
        left -= len(piece)


def _words(status: int) -> str:
    known = {
        400: _("The request could not be read."),
        403: _("Your role does not allow this."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that kind of request."),
        413: _("That is more than can be taken at once."),
        415: _("That kind of content is not taken here."),
        429: _("Too many attempts. Wait a little, then try again."),
    }
    return known.get(status, _("Something went wrong on our side. We have noted it."))


def _database(failure: OperationalError | NoConnection) -> Response:
    log.error("database unavailable", error=str(getattr(failure, "orig", failure)))
    words = _("The database does not answer at this moment. Try again shortly.")
    made = answer(503, "unavailable", words)
    made.headers["Retry-After"] = "5"
    return made


def _unstorable(failure: DataError) -> Response:
    """PostgreSQL takes no NUL in a text; whoever sends one asked for nothing that we have."""
    log.warning("value refused by the database", error=str(failure.orig))
    return answer(400, "unreadable", _words(400))


def _unexpected(failure: Exception) -> Response:
    log.error("unexpected failure", error=type(failure).__name__, exc_info=failure)
    return answer(500, "internal", _words(500))


def _by_script() -> bool:
    """A page's fragments come through htmx, which says so."""
    asked = request.path.startswith(SCRIPT_PATHS) or request.endpoint in SCRIPT_VIEWS
    return asked and "HX-Request" not in request.headers


def answer(status: int, code: str, words: str, failure: DomainError | None = None) -> Response:
    """The one shape of a refusal, in the form that the reader can use."""
    g.problem = code
    if _from_machine() or _by_script():
        response = _problem(status, code, words, failure)
    else:
        name = "fragment" if "HX-Request" in request.headers else "page"
        response = make_response(
            render_template(f"errors/{name}.html", status=status, code=code, message=words)
        )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if failure is not None and failure.retry_after is not None:
        response.headers["Retry-After"] = str(failure.retry_after)
    return response


def _from_machine() -> bool:
    return request.path.startswith(MACHINE_PATHS)


def _problem(status: int, code: str, words: str, failure: DomainError | None) -> Response:
    body: dict[str, object] = {
        "type": f"urn:paceline:problem:{code}",
        "title": words,
        "status": status,
        "request_id": g.get("request_id", ""),
    }
    if failure is not None and failure.fields:
        body["errors"] = [{"member": key, "detail": said} for key, said in failure.fields.items()]
    return Response(json.dumps(body), content_type="application/problem+json")
