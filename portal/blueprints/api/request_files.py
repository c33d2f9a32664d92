"""Files of a request for machines: sent as a form, listed, and fetched by links without a key."""

from typing import Any

from flask import Response, jsonify, request, url_for

from portal.blueprints.api.document import documented
from portal.blueprints.api.request_bodies import RequestFileListBody, RequestFileReceiptBody
from portal.blueprints.api.requests import KEYS, LONGEST_ADDRESS
from portal.domain.permissions import Permission
from portal.domain.request_files import LARGEST, refusal
from portal.services.adoption.window import stamp
from portal.services.requests.adding_files import add_file
from portal.services.requests.files import FileView, files_of, take_in
from portal.services.requests.receipts import account_id_of_request
from portal.web.acting import act_as_either, ask
from portal.web.guards import db, needs
from portal.web.request_files import LARGEST_FORM, make_token, request_files, scanner
from portal.web.requests import takes


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=RequestFileListBody, tags=["requests"])
def index(key: str) -> Response:
    """What is attached, each with a link that works for five minutes without a key; null while
    the virus scanner has not seen it, or where it held it for harmful.
    """
    found = files_of(db(), key, scanned=scanner().there)
    items = [_told(one, message) for message, some in found.items() for one in some]
    return jsonify(items=items)


@takes(LARGEST_FORM)
@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(
    answer=RequestFileListBody,
    made=RequestFileReceiptBody,
    tags=["requests"],
    refusals=(400, 403, 413),
)
def add(key: str) -> tuple[Response, int]:
    """Attaches one file, sent as `files` of a form (multipart/form-data), in the name of `author`
    or else of the key. What it is is told by its content.
    """
    account_id = ask(account_id_of_request, key)
    author = request.form.get("author", "").strip()[:LONGEST_ADDRESS]
    given = request.files.getlist("files")
    if len(given) != 1 or not given[0].filename:
        raise refusal("no-file", "Send one file.")
    sent = take_in(given[0].filename, given[0].stream.read(LARGEST + 1), scanner())
    if author:
        act_as_either("author", author, account_id)
    made = add_file(db(), request_files(), sent, key)
    return jsonify(request=key, key=made, name=sent.name, media_type=sent.media_type), 201


def _told(one: FileView, message: str) -> dict[str, Any]:
    url = url_for("request_files.fetch", token=make_token(one.key), _external=True)
    return {
        "key": one.key,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "message": message or None,
        "at": stamp(one.at),
        "url": url if one.ready else None,
    }
