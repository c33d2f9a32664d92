"""Text leaves compressed where the reader's browser can unpack it."""

import gzip
import secrets
from io import BytesIO

from flask import Request, Response

KINDS = frozenset(
    {
        "text/html",
        "text/plain",
        "text/csv",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)
SMALLEST = 1024
LEVEL = 5
# Pages hold what is secret (a form's token) beside what the address asked for, and a length would
# tell by and by how much the two have in common (BREACH). A name of random length blurs it.
LONGEST_NAME = 100


def compress(response: Response, request: Request) -> None:
    """Leaves alone: streams, files, what is small, encoded already or of another kind."""
    if response.mimetype not in KINDS or response.direct_passthrough or not response.is_sequence:
        return
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not unpacks(request):
        return
    body = response.get_data()
    if len(body) < SMALLEST:
        return
    response.set_data(packed_text(body))
    response.headers["Content-Encoding"] = "gzip"
    tag, _is_weak = response.get_etag()
    if tag is not None:
        # A strong tag would promise the same bytes.
        response.set_etag(tag, weak=True)


def unpacks(request: Request) -> bool:
    return bool(request.accept_encodings.quality("gzip"))


def packed_text(body: bytes) -> bytes:
    kept = BytesIO()
    name = "n" * secrets.randbelow(LONGEST_NAME + 1)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=kept, mtime=0) as out:
        out.write(body)
    return kept.getvalue()
