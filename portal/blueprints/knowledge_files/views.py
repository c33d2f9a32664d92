from flask import Blueprint, Response, jsonify, request

from portal.domain.errors import Invalid
from portal.domain.knowledge_files import file_address
from portal.domain.permissions import Permission
from portal.services.images import LARGEST_BYTES, make_anew
from portal.services.knowledge_files import read_file, store_picture
from portal.web.files import file_store
from portal.web.guards import db, needs, public
from portal.web.requests import takes

blueprint = Blueprint("knowledge_files", __name__)
LARGEST_SENT = LARGEST_BYTES + 64 * 1024
KEPT = "public, max-age=31536000, immutable"
# An address that is opened by itself runs nothing, whatever is in the file.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("/knowledge/files/<key>")
@public
def show(key: str) -> Response:
    found = read_file(db(), file_store(), key)
    response = Response(found.content, content_type="image/webp")
    response.headers["Cache-Control"] = KEPT if found.public else "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = f'inline; filename="{key}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


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
