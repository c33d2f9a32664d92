from flask import Response, make_response, render_template, request
from markupsafe import Markup

from portal.blueprints.adoption import blueprint
from portal.blueprints.adoption.keeping import kept, remembered
from portal.blueprints.adoption.links import Links, read_question
from portal.blueprints.adoption.teams import segments
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.services.adoption import Standing, people_use, read_standing
from portal.web.adoption.page import adoption_page
from portal.web.adoption.people import (
    KEPT,
    Order,
    people_columns,
    people_pages,
    people_words,
)
from portal.web.adoption.span import USUAL, Span, read_span
from portal.web.context import frame_of, vendor_view
from portal.web.guards import customer_account_key, db, needs, scope


@blueprint.get("/adoption")
@needs(Permission.ADOPTION_READ)
def show() -> Response:
    return _page(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption")
@needs(Permission.ACCOUNT_DESK)
def of_account(account_key: str) -> Response:
    return _page(account_key)


@blueprint.get("/adoption/people")
@needs(Permission.PEOPLE_READ)
def people() -> str:
    return _people(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/people")
@needs(Permission.ACCOUNT_DESK)
def people_of_account(account_key: str) -> str:
    return _people(account_key)


def _page(account_key: str) -> Response:
    standing = read_standing(db(), account_key)
    try:
        span = read_span(request.args, standing.newest)
    except Invalid as wrong:
        # The page as usual, the reason above it and the days that were asked for in the fields.
        usual = Span(standing.newest, USUAL, own=False)
        page = _framed(standing, _overview(standing, usual, wrong.message))
        return make_response(page, wrong.status)
    return kept(standing.head, span, lambda: _shown(standing, span), standing)


def _shown(standing: Standing, span: Span) -> str:
    made = remembered(standing, span, lambda: _overview(standing, span))
    return _framed(standing, made)


def _framed(standing: Standing, main: str) -> str:
    frame = frame_of(scope())
    return render_template(
        "adoption/framed.html",
        frame=frame,
        head=standing.head,
        main=Markup(main),  # noqa: S704 # rendered by our own template
    )


def _overview(standing: Standing, span: Span, wrong: str = "") -> str:
    links = Links(standing.account.key)
    asked = request.args if wrong else {}
    return render_template(
        "adoption/show.html",
        page=adoption_page(db(), standing, span, vendor_view().name),
        head=standing.head,
        segments=segments(span, links.page),
        newest=standing.newest,
        links=links,
        wrong=wrong,
        asked={"from": asked.get("from", span.first), "to": asked.get("to", span.last)},
    )


def _people(account_key: str) -> str:
    head, span = read_question(account_key)
    order = Order(request.args.get("sort", "active_days"), request.args.get("dir", "desc") != "asc")
    found = people_use(
        db(),
        account_key,
        span.last,
        span.days,
        sort=order.column,
        descending=order.descending,
        page=request.args.get("page", 1, type=int),
        search=request.args.get("q", ""),
    )
    asked = {name: value for name, value in request.args.items() if name in KEPT}
    links = Links(account_key)
    return render_template(
        "adoption/people.html",
        frame=frame_of(scope()),
        head=head,
        people=found,
        span=span,
        asked=asked,
        links=links,
        columns=people_columns(order, asked, links.people),
        **people_words(found),
        **people_pages(found, asked, links.people),
    )
