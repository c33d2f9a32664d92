"""Pages that follow from an account's figures alone: kept by the reader, and the part that is the
same for all readers by this process, until the figures change.
"""

from collections.abc import Callable, Hashable

from flask import Response, make_response, request
from markupsafe import Markup

from portal.services.accounts import AccountHead
from portal.services.adoption import Standing, read_standing
from portal.web.adoption.sentences import is_stale
from portal.web.clock import request_time
from portal.web.compression import packed_text, unpacks
from portal.web.context import vendor_view
from portal.web.guards import db, scope
from portal.web.locale import request_locale
from portal.web.state import state
from portal.web.unchanged import marked, tag_of, unchanged


def kept(
    head: AccountHead,
    asked: object,
    render: Callable[[], str],
    standing: Standing | None = None,
) -> Response:
    """The page, or 304 where the reader holds it. `asked` is what the page depends on beside the
    figures and the day; with a `standing` given these are of days that are over.
    """
    facts = standing.settled if standing else read_standing(db(), head.key).facts
    tag = tag_of(facts, asked, request_time().date())
    held = unchanged(tag)
    return held if held is not None else marked(_made(tag, render), tag)


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
