"""Requests, offered to the search of the company that they belong to."""

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
    return Finding(total, [_entry(asked, one, labels) for one in found])


def _entry(asked: Asked, one: NamedRequest, labels: dict[tuple[str, str], str]) -> Entry:
    gist = row_of([f"{KINDS[one.kind]} {one.code}", state_words(one.kind, one.state, labels)])
    return entry(words_of(asked.text), one.title, gist, url_for("requests.show", key=one.key))


def _serves(scope: Scope) -> bool:
    return scope.role.side == "customer" and scope.allows(Permission.REQUEST_READ)


offer(Source("request", WORDS, _serves, _find))
