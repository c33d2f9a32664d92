"""Pages that follow from an account's figures alone: kept by the reader until these change."""

from collections.abc import Callable

from flask import Response, make_response

from portal.services.accounts import AccountHead
from portal.services.adoption import freshness
from portal.services.volumes import volume_revision
from portal.web.clock import request_time
from portal.web.guards import db
from portal.web.unchanged import marked, tag_of, unchanged


def kept(head: AccountHead, asked: object, render: Callable[[], str]) -> Response:
    """The page, or 304 where the reader holds it. `asked` is what the page depends on beside the
    figures and the day.
    """
    version = freshness(db(), head.key)
    figures = (version.version, version.last_event_at, volume_revision(db(), head.key))
    tag = tag_of(head, figures, asked, request_time().date())
    held = unchanged(tag)
    return held if held is not None else marked(make_response(render()), tag)
