"""Team by team, and one team alone."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from portal.blueprints.adoption import blueprint
from portal.blueprints.adoption.keeping import kept
from portal.blueprints.adoption.links import Address, Links, read_question
from portal.domain.permissions import Permission
from portal.services.accounts import AccountHead
from portal.services.adoption import show_team, show_teams
from portal.web.adoption.span import WINDOWS, Span
from portal.web.adoption.teams import team_page, teams_page
from portal.web.context import frame_of
from portal.web.guards import customer_account_key, db, needs, scope


@blueprint.get("/adoption/teams")
@needs(Permission.ADOPTION_READ)
def teams() -> Response:
    return _teams(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/teams")
@needs(Permission.ACCOUNT_DESK)
def teams_of_account(account_key: str) -> Response:
    return _teams(account_key)


@blueprint.get("/adoption/team")
@needs(Permission.ADOPTION_READ)
def team() -> Response:
    return _team(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/team")
@needs(Permission.ACCOUNT_DESK)
def team_of_account(account_key: str) -> Response:
    return _team(account_key)


def _teams(account_key: str) -> Response:
    head, span = read_question(account_key)
    return kept(head, span, lambda: _shown_teams(head, span))


def _team(account_key: str) -> Response:
    head, span = read_question(account_key)
    name, rest = request.args.get("name", ""), request.args.get("rest") == "1"
    return kept(head, (span, name, rest), lambda: _shown_team(head, span, name, rest=rest))


def _shown_teams(head: AccountHead, span: Span) -> str:
    links = Links(head.key)
    return render_template(
        "adoption/teams.html",
        frame=frame_of(scope()),
        head=head,
        links=links,
        span=span,
        segments=segments(span, links.teams),
        page=teams_page(show_teams(db(), head.key, span.last, span.days), span),
    )


def _shown_team(head: AccountHead, span: Span, name: str, *, rest: bool) -> str:
    links = Links(head.key)
    found = show_team(db(), head.key, name, span.last, span.days, rest=rest)
    asked = {"rest": "1"} if rest else {"name": name}
    return render_template(
        "adoption/team.html",
        frame=frame_of(scope()),
        head=head,
        links=links,
        span=span,
        segments=segments(span, lambda **query: links.team(**asked, **query)),
        page=team_page(found, span),
        named=found.named,
    )


def segments(span: Span, address: Address) -> list[dict[str, object]]:
    """The last 7, 30 and 90 days."""
    return [
        {
            "label": _("%(days)s days", days=days),
            "url": address(**Span(span.last, days, own=False).query),
            "current": not span.own and span.days == days,
        }
        for days in WINDOWS
    ]
