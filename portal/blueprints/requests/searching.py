"""Requests, offered to the search of their company, and of the vendor's desk that shows them."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.services.requests.labels import state_labels
from portal.services.requests.named import NamedRequest, find_named
from portal.services.search_names import words_of
from portal.tenancy import Scope, scope_of
from portal.web.prose import row_of
from portal.web.request_words import KINDS, state_words
from portal.web.search_sources import Asked, Entry, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Request"), _l("Requests"), "loop")


def _find(session: Session, asked: Asked) -> Finding:
    total, found = find_named(session, asked.text, asked.limit, asked.offset)
    labels = state_labels(session, scope_of(session).locale) if found else {}
    desk = scope_of(session).role.side == "vendor"
    return Finding(total, [_entry(asked, one, labels, desk=desk) for one in found])


def _entry(
    asked: Asked, one: NamedRequest, labels: dict[tuple[str, str], str], *, desk: bool
) -> Entry:
    gist = [f"{KINDS[one.kind]} {one.code}", state_words(one.kind, one.state, labels)]
    if desk:
        gist.insert(0, one.account)
    url = url_for("triage.show" if desk else "requests.show", key=one.key)
    return entry(words_of(asked.text), one.title, row_of(gist), url)


def _serves(scope: Scope) -> bool:
    if scope.role.side == "vendor":
        return scope.user_id is not None and scope.allows(Permission.REQUEST_DESK)
    return scope.role.side == "customer" and scope.allows(Permission.REQUEST_READ)


offer(Source("request", WORDS, _serves, _find))
