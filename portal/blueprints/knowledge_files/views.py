from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from portal.domain.errors import Invalid, NotFound
from portal.domain.knowledge_files import MEDIA_TYPES, ending_of_key, file_address, is_media_key
from portal.domain.permissions import Permission
from portal.services.images import LARGEST_BYTES, make_anew
from portal.services.knowledge_files import read_file, store_picture
from portal.web.files import file_store
from portal.web.guards import db, needs, public
from portal.web.lesson_files import media_token, read_media_token
from portal.web.requests import takes

blueprint = Blueprint("knowledge_files", __name__)
LARGEST_SENT = LARGEST_BYTES + 64 * 1024
KEPT = "public, max-age=31536000, immutable"
# An address that is opened by itself runs nothing, whatever is in the file.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("/knowledge/files/<key>")
@public
def show(key: str) -> AnyResponse:
    """A picture; to what a lesson brings along an address that works for some hours."""
    if is_media_key(key):
        answer = redirect(url_for("knowledge_files.fetch", token=media_token(db(), key)))
        answer.headers["Cache-Control"] = "no-store"
        return answer
    found = read_file(db(), file_store(), key)
    response = Response(found.content, content_type="image/webp")
    response.headers["Cache-Control"] = KEPT if found.public else "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = f'inline; filename="{key}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/files/lessons/<token>")
@public
def fetch(token: str) -> AnyResponse:
    """No session is asked for, and no cookie is read or set (portal.web.cookieless). A player asks
    for parts.
    """
    key, name = read_media_token(token)
    found = file_store().open(key)
    if found is None:
        raise NotFound
    file, size = found
    kind = MEDIA_TYPES[ending_of_key(key)]
    response = Response(FileWrapper(file), content_type=kind, direct_passthrough=True)
    response.content_length = size
    how = "inline" if kind.startswith("video/") or kind == "text/vtt" else "attachment"
    response.headers.set("Content-Disposition", how, filename=name)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request, accept_ranges=True, complete_length=size)


@blueprint.post("/knowledge/files")
@needs(Permission.KNOWLEDGE_WRITE)
@takes(LARGEST_SENT)
def store() -> Response:
    """For the editor's script: the address to write into the text, or a sentence why not."""
    sent = request.files.get("image")
    if sent is None:
        raise Invalid("Choose an image.", code="no-image", fields={"image": "Choose an image."})
    key = store_picture(db(), file_store(), make_anew(sent.stream.read(LARGEST_BYTES + 1)))
    return jsonify(address=file_address(key))
