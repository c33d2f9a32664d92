from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as Redirect

from portal.blueprints.knowledge.forms import PAGE_SIZE, Wish, read_wish
from portal.domain.errors import NotFound
from portal.domain.knowledge import address
from portal.domain.permissions import Role
from portal.locales import OWN_NAMES
from portal.services.audience import reading
from portal.services.knowledge import list_items, read_item, shelves
from portal.services.knowledge_calendar import calendar_file
from portal.services.knowledge_features import feature_name
from portal.services.requests.labels import state_labels
from portal.services.requests.roadmap import RoadmapItem, delivered_by
from portal.web.addresses import of_portal
from portal.web.context import frame_of, vendor_view
from portal.web.guards import db, public, scope
from portal.web.knowledge_page import article_of, event_kind
from portal.web.knowledge_words import READ_IN, TYPE_WORDS
from portal.web.roadmap import RoadmapLine, lines_of
from portal.web.state import state
from portal.web.structured import addresses, described
from portal.web.unchanged import marked, page_tag, tag_of, unchanged

blueprint = Blueprint("knowledge", __name__, template_folder="templates")


@blueprint.record_once
def _teach(setup: BlueprintSetupState) -> None:
    """Macros know only globals."""
    setup.app.jinja_env.globals.update(
        type_words=TYPE_WORDS, own_names=OWN_NAMES, read_in=READ_IN, event_kind=event_kind
    )


@blueprint.get("/knowledge")
@public
def index() -> Response | Redirect:
    wish = read_wish(request.args)
    if request.args.get("q"):
        return redirect(url_for("search.index") + f"?{request.query_string.decode()}")
    tag = page_tag(reading(db()))
    kept = unchanged(tag)
    if kept is not None:
        return kept
    shown = _list(wish) if wish.kind or wish.feature else _shelves(wish)
    return marked(shown, tag)


@blueprint.get("/knowledge/<slug>")
@public
def show(slug: str) -> Response | Redirect:
    known, delivered = reading(db()), delivered_by(db(), [slug])
    tag = tag_of(known.change, sorted(known.tokens), delivered) if delivered else page_tag(known)
    kept = unchanged(tag)
    if kept is not None:
        return kept
    try:
        page = read_item(db(), slug)
    except NotFound:
        if scope().role is not Role.VISITOR:
            raise
        # The same for what is not public and for what is not there.
        return redirect(url_for("security.login", next=request.path))
    response = make_response(
        render_template(
            "knowledge/show.html",
            frame=_frame(),
            page=page,
            article=article_of(page, scope().now, scope().time_zone),
            asks=scope().role.side == "customer",
            delivered=_delivered(delivered.get(slug, [])),
            alternates=addresses(page),
            described=described(page, vendor_view().name),
        )
    )
    if not page.public:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return marked(response, tag)


@blueprint.get("/knowledge/<slug>.ics")
@public
def calendar(slug: str) -> Response:
    """The event as a calendar takes it in."""
    page = read_item(db(), slug)
    made = calendar_file(page, of_portal(address(slug)), state().settings.public_host)
    if made is None:
        raise NotFound
    response = Response(made, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{page.line.slug}.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    if not page.public:
        response.headers["Cache-Control"] = "no-store"
    return response


def _shelves(wish: Wish) -> Response:
    items = shelves(db())
    return make_response(
        render_template("knowledge/index.html", frame=_frame(), wish=wish, items=items)
    )


def _list(wish: Wish) -> Response:
    items = list_items(
        db(), kind=wish.kind, feature=wish.feature, limit=PAGE_SIZE, offset=wish.offset
    )
    named = feature_name(db(), wish.feature) if wish.feature else ""
    last = wish.offset + len(items.lines)
    page = render_template(
        "knowledge/list.html", frame=_frame(), wish=wish, items=items, named=named, last=last
    )
    return make_response(page)


def _delivered(items: list[RoadmapItem]) -> list[RoadmapLine]:
    labels = state_labels(db(), scope().locale) if items else {}
    return lines_of(items, scope(), labels)


def _frame() -> str:
    role = scope().role
    return "visitor.html" if role is Role.VISITOR else frame_of(scope())
