from datetime import UTC, datetime, time

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, make_response, request

from portal.blueprints.publishing.sitemaps import TEXTS_A_PART, sitemap, sitemap_index
from portal.domain.errors import NotFound
from portal.domain.knowledge import COURSE, address
from portal.domain.permissions import Role
from portal.services.audience import reading
from portal.services.published import (
    Entry,
    PublicText,
    count_public,
    list_public,
    newest_entries,
    written_text,
)
from portal.web.addresses import of_portal
from portal.web.context import vendor_view
from portal.web.guards import db, public, scope
from portal.web.locale import request_locale
from portal.web.structured import alternates
from portal.web.unchanged import marked, page_tag, unchanged

blueprint = Blueprint("publishing", __name__)
NEWEST = 30
# Readable by everybody: the rest asks to sign in.
OPEN_PLACES = ("/knowledge", "/courses", "/static/", "/sitemap")


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    lines = [
        "User-agent: *",
        *(f"Allow: {place}" for place in OPEN_PLACES),
        "Disallow: /",
        f"Sitemap: {of_portal('/sitemap.xml')}",
    ]
    return _sent("\n".join(lines) + "\n", "text/plain")


@blueprint.get("/sitemap.xml")
@public
def sitemaps() -> Response:
    parts = -(-count_public(db()) // TEXTS_A_PART)
    index = sitemap_index(of_portal(f"/sitemap-{number + 1}.xml") for number in range(parts))
    return _sent(index, "application/xml")


@blueprint.get("/sitemap-<int(max=10000):part>.xml")
@public
def sitemap_part(part: int) -> Response:
    texts = list_public(db(), limit=TEXTS_A_PART, offset=(part - 1) * TEXTS_A_PART) if part else []
    if not texts:
        raise NotFound
    pages = [(text, alternates(path, text.locales)) for text in texts for path in _paths(text)]
    return _sent(sitemap(pages), "application/xml")


@blueprint.get("/knowledge/feed.atom")
@public
def feed() -> Response:
    """Of a visitor what is public, of everybody else what they may read."""
    tag = page_tag(reading(db()))
    kept = unchanged(tag)
    if kept is not None:
        return kept
    return marked(_guarded(_sent(_atom(newest_entries(db(), limit=NEWEST)), ATOM)), tag)


@blueprint.get("/knowledge/<slug>.md")
@public
def markdown(slug: str) -> Response:
    """A text as its author wrote it; another's and a missing one are the same 404."""
    tag = page_tag(reading(db()))
    kept = unchanged(tag)
    if kept is not None:
        return kept
    text = written_text(db(), slug)
    response = _sent(f"# {text.title}\n\n{text.summary}\n\n{text.body}", "text/markdown")
    response.headers["Content-Language"] = text.locale
    response.headers["Link"] = f'<{of_portal(address(slug))}>; rel="canonical"'
    return marked(response if text.public else _guarded(response), tag)


ATOM = "application/atom+xml"


def _sent(body: str | bytes, kind: str) -> Response:
    response = make_response(body)
    response.content_type = f"{kind}; charset=utf-8"
    return response


def _guarded(response: Response) -> Response:
    """What not everybody may read is neither listed nor kept by others."""
    if scope().role is not Role.VISITOR:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _paths(text: PublicText) -> list[str]:
    """A course has a page of its own beside its text's."""
    course = [f"/courses/{text.slug}"] if text.type == COURSE else []
    return [address(text.slug), *course]


def _atom(entries: list[Entry]) -> bytes:
    feed = FeedGenerator()
    feed.id(of_portal("/knowledge"))
    feed.title(vendor_view().name)
    feed.language(request_locale())
    feed.link(href=of_portal("/knowledge"), rel="alternate")
    feed.link(href=of_portal(request.path), rel="self")
    feed.updated(max((one.updated_at for one in entries), default=datetime(1970, 1, 1, tzinfo=UTC)))
    for one in entries:
        entry = feed.add_entry(order="append")
        entry.id(of_portal(address(one.slug)))
        entry.title(one.title)
        entry.link(href=of_portal(address(one.slug), locale=one.locale))
        entry.summary(one.summary)
        entry.category(term=one.type)
        entry.published(datetime.combine(one.published_on, time(), tzinfo=UTC))
        entry.updated(one.updated_at)
    return bytes(feed.atom_str())
