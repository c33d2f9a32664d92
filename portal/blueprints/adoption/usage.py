"""Time online per person, and calls per integration."""

from flask import Response, render_template

from portal.blueprints.adoption import blueprint
from portal.blueprints.adoption.keeping import kept
from portal.blueprints.adoption.links import Links, read_question
from portal.blueprints.adoption.teams import segments
from portal.domain.permissions import Permission
from portal.services.accounts import AccountHead
from portal.services.adoption import integration_calls, time_online
from portal.web.adoption.integrations import integrations_page
from portal.web.adoption.online import online_page
from portal.web.adoption.span import Span
from portal.web.context import frame_of
from portal.web.guards import customer_account_key, db, needs, scope


@blueprint.get("/adoption/online")
@needs(Permission.ADOPTION_READ)
def online() -> Response:
    return _online(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/online")
@needs(Permission.ACCOUNT_DESK)
def online_of_account(account_key: str) -> Response:
    return _online(account_key)


@blueprint.get("/adoption/integrations")
@needs(Permission.ADOPTION_READ)
def integrations() -> Response:
    return _integrations(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/integrations")
@needs(Permission.ACCOUNT_DESK)
def integrations_of_account(account_key: str) -> Response:
    return _integrations(account_key)


def _online(account_key: str) -> Response:
    head, span = read_question(account_key)
    return kept(head, span, lambda: _shown_online(head, span))


def _integrations(account_key: str) -> Response:
    head, span = read_question(account_key)
    return kept(head, span, lambda: _shown_integrations(head, span))


def _shown_online(head: AccountHead, span: Span) -> str:
    links = Links(head.key)
    return render_template(
        "adoption/online.html",
        frame=frame_of(scope()),
        head=head,
        links=links,
        span=span,
        segments=segments(span, links.online),
        page=online_page(time_online(db(), head.key, span.last, span.days), span),
    )


def _shown_integrations(head: AccountHead, span: Span) -> str:
    links = Links(head.key)
    return render_template(
        "adoption/integrations.html",
        frame=frame_of(scope()),
        head=head,
        links=links,
        span=span,
        segments=segments(span, links.integrations),
        page=integrations_page(integration_calls(db(), head.key, span.last, span.days), span),
    )
