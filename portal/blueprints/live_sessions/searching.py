"""Live sessions, offered to the search of those who are invited or look after the account."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.services.search_names import words_of
from portal.services.training.session_search import find_sessions
from portal.services.training.session_views import SessionLine
from portal.tenancy import Scope, scope_of
from portal.web.formats import moment
from portal.web.prose import row_of
from portal.web.search_sources import Asked, Entry, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Live session"), _l("Live sessions"), "cal")


def session_words(one: SessionLine, zone: str, *, desk: bool) -> str:
    """When it begins, in the reader's zone; whose it is, for the vendor; who leads it."""
    return row_of(
        [
            moment(one.starts_at, zone),
            *([one.account_name] if desk else []),
            *([one.trainer] if one.trainer else []),
            *([_("cancelled")] if one.cancelled else []),
        ]
    )


def _find(session: Session, asked: Asked) -> Finding:
    words, scope = words_of(asked.text), scope_of(session)
    total, found = find_sessions(session, asked.text, asked.limit, asked.offset)
    desk = scope.role.side == "vendor"
    return Finding(total, [_entry(words, one, scope.time_zone, desk=desk) for one in found])


def _entry(words: tuple[str, ...], one: SessionLine, zone: str, *, desk: bool) -> Entry:
    gist = session_words(one, zone, desk=desk)
    return entry(words, one.title, gist, url_for("live_sessions.show", key=one.key))


def _serves(scope: Scope) -> bool:
    return scope.user_id is not None and (
        scope.role.side == "customer" or scope.allows(Permission.ACCOUNT_DESK)
    )


offer(Source("session", WORDS, _serves, _find))
