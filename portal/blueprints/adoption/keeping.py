"""Pages that follow from an account's figures alone: kept by the reader, and the part that is the
same for all readers by this process, until the figures change.
"""

from collections.abc import Callable, Hashable
from http import HTTPStatus

from flask import Response, g, make_response, request
from markupsafe import Markup

from portal.services.accounts import AccountHead
from portal.services.adoption import Standing, read_standing
from portal.web.adoption.sentences import is_stale
from portal.web.clock import request_time
from portal.web.compression import packed_text, unpacks
from portal.web.context import vendor_view
from portal.web.guards import db, scope
from portal.web.kept_pages import MADE, Made, Proof, figures_of
from portal.web.locale import request_locale
from portal.web.sign_in import current_member
from portal.web.state import state
from portal.web.unchanged import marked, tag_of, unchanged


def kept(
    head: AccountHead,
    asked: object,
    render: Callable[[], str],
    standing: Standing | None = None,
) -> Response:
    """The page, or 304 where the reader holds it. `asked` is what the page depends on beside the
    figures and the day; with a `standing` given these are of days that are over, and `asked` must
    follow from the address.
    """
    if standing is None:
        facts: object = (read_standing(db(), head.key).facts, request_time().date())
    else:
        facts = figures_of(standing, request_time())
    tag = tag_of(facts, asked)
    held = unchanged(tag)
    response = held if held is not None else marked(_made(tag, render), tag)
    if standing is not None and tag is not None:
        _leave(response, standing, tag)
    return response


def _leave(response: Response, standing: Standing, tag: str) -> None:
    """For the door before the application, where it can tell by itself that the reader may see
    the account.
    """
    member, held = current_member(), response.status_code == HTTPStatus.NOT_MODIFIED
    if member is None or member.account_id != standing.account.id:
        return
    if not held and response.headers.get("Content-Encoding") != "gzip":
        return
    secret, reader = g.signed_in
    figures = figures_of(standing, request_time())
    proof = Proof(request.endpoint or "", secret, reader, standing.account.key, figures)
    request.environ[MADE] = Made(proof, tag, None if held else response.get_data())


def _made(tag: str | None, render: Callable[[], str]) -> Response:
    """By its tag the page is this reader's alone, to the letter."""
    if tag is None or not unpacks(request):
        return make_response(render())
    packed = state().memory.remember(tag, lambda: packed_text(render().encode()))
    response = make_response(packed)
    response.headers["Content-Encoding"] = "gzip"
    return response


def remembered(standing: Standing, asked: Hashable, render: Callable[[], str]) -> Markup:
    """The part of a page that all readers of an account see alike: those of one side, in one
    language. `render` may use nothing else of the reader.
    """
    key = (
        *(standing.settled, is_stale(standing.account.last_at, request_time()), asked),
        *(scope().role.side, request_locale(), vendor_view()),
    )
    return Markup(state().memory.remember(key, render))  # noqa: S704 # rendered by our templates
