from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup, escape

from portal.blueprints.search import blueprint
from portal.blueprints.search.forms import PAGE_SIZE, Wish, read_wish
from portal.blueprints.search.results import Shown, find
from portal.domain.permissions import Permission, Role
from portal.search import Segments
from portal.services.search_judgements import verdicts_on
from portal.web.context import frame_of
from portal.web.guards import db, public, scope
from portal.web.locale import request_locale
from portal.web.search_notes import note_answer, punch, ticket
from portal.web.unchanged import marked

IN_PANEL = 6
"""Texts at once in the panel: with what leads, they fit a small screen."""


@blueprint.app_template_filter("hits")
def hits(segments: Segments) -> Markup:
    """Text in reading order, what was found in <mark>: here, as a macro takes ten times as long."""
    pieces = ((escape(words), hit) for words, hit in segments)
    return Markup("").join(Markup("<mark>%s</mark>") % one if hit else one for one, hit in pieces)


@blueprint.get("/search")
@public
def index() -> Response:
    wish = read_wish(request.args)
    shown = find(wish, PAGE_SIZE) if wish.question else None
    if shown is not None and shown.weak and wish.is_plain:
        note_answer(wish.question, request_locale(), found=False)
    role = scope().role
    frame = "visitor.html" if role is Role.VISITOR else frame_of(scope())
    page = render_template(
        "search/index.html",
        frame=frame,
        wish=wish,
        shown=shown,
        ticket=_ticket(wish, shown) if shown and shown.rows and not shown.weak else "",
        verdicts=_verdicts(wish),
        **_ends(wish, shown),
    )
    return _private(make_response(page))


@blueprint.get("/search/panel")
@public
def panel() -> Response:
    """What the panel shows while somebody types: a fragment."""
    wish = read_wish(request.args)
    if not wish.question:
        return _private(make_response(""))
    shown = find(wish, IN_PANEL, as_you_type=True)
    page = render_template(
        "search/_panel.html", wish=wish, shown=shown, ticket=_ticket(wish, shown)
    )
    return _private(make_response(page))


@blueprint.post("/search/outcomes")
@public
def outcome() -> Response:
    """What became of an answer, told by the page as it is left: opened, or not."""
    punch(request.form.get("answer", "")[:2000], opened=request.form.get("opened") == "1")
    return Response(status=204)


def _verdicts(wish: Wish) -> dict[str, str] | None:
    """What is judged of this question already; None for those who do not judge."""
    if not wish.question or not scope().allows(Permission.KNOWLEDGE_WRITE):
        return None
    return {
        slug: one.value for slug, one in verdicts_on(db(), wish.question, request_locale()).items()
    }


def _ticket(wish: Wish, shown: Shown) -> str:
    """Only the answer to a question as it was put is counted: no filter, no later page."""
    if not wish.is_plain:
        return ""
    return ticket(wish.question, request_locale(), found=bool(shown.rows) and not shown.weak)


def _ends(wish: Wish, shown: Shown | None) -> dict[str, object]:
    """Where the pages before and after stand, and the numbers of what is paged on this one."""
    if shown is None:
        return {}
    last = min(wish.offset + PAGE_SIZE, shown.paged)
    return {
        "first": wish.offset + 1,
        "last": last,
        "back": _page(wish, wish.page - 1) if wish.page > 1 else "",
        "next": _page(wish, wish.page + 1) if last < shown.paged else "",
    }


def _page(wish: Wish, number: int) -> str:
    return url_for("search.index", **wish.address(page=number if number > 1 else ""))


def _private(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return marked(response, None)
