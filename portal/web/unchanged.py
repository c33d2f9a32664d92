"""Conditional GET for pages that are a function of known facts and the reader."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, make_response, request, session

from portal.services.audience import Reading
from portal.web.assets import BEHAVIOURS, FINDING, JOINED, fingerprint
from portal.web.context import vendor_view
from portal.web.locale import request_locale, request_theme
from portal.web.sign_in import current_member


def page_tag(reading: Reading) -> str | None:
    """The entity tag of a page of the hub."""
    return tag_of(reading.change, sorted(reading.tokens))


def tag_of(*facts: object) -> str | None:
    """The entity tag of the page asked for, which follows from `facts`, its address and its frame;
    None where it must not be kept, as it carries a message for this once.
    """
    if "_flashes" in session:
        return None
    known = (
        facts,
        request.full_path,
        "HX-Request" in request.headers,
        request_locale(),
        request_theme(),
        _frame_facts(),
        vendor_view(),
        fingerprint(JOINED),
        fingerprint(BEHAVIOURS),
        fingerprint(FINDING),
        release(),
    )
    return sha256(repr(known).encode()).hexdigest()[:32]


def _frame_facts() -> tuple[object, ...]:
    """What the frame says of the reader, and what the forms in it are signed with."""
    member = current_member()
    if member is None:
        return (session.get("csrf_token"),)
    frame = (member.id, member.name, member.role, member.account_name, member.session_key)
    return (*frame, member.letter_keys)


@cache
def release() -> str:
    """Changes with the templates and translations, read once a process."""
    root = Path(__file__).resolve().parents[1]
    files = sorted(path for kind in ("html", "mo") for path in root.rglob(f"*.{kind}"))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def unchanged(tag: str | None) -> Response | None:
    """304 where the reader holds this page."""
    if tag is None or not request.if_none_match.contains_weak(tag):
        return None
    response = make_response("", 304)
    return marked(response, tag)


def marked(response: Response, tag: str | None) -> Response:
    if tag is not None:
        response.set_etag(tag, weak=True)
    for name in ("Cookie", "Accept-Language", "HX-Request"):
        response.vary.add(name)
    return response
