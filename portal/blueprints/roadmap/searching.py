"""Requests of all customers, offered to the search: what is published, and to product all."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.services.requests.labels import state_labels
from portal.services.requests.shared_search import search_shared
from portal.services.search_names import words_of
from portal.tenancy import scope_of
from portal.web.prose import row_of
from portal.web.request_words import KINDS, state_words
from portal.web.search_sources import Asked, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Shared request"), _l("Shared requests"), "loop")


def _find(session: Session, asked: Asked) -> Finding:
    words = words_of(asked.text)
    total, found = search_shared(session, asked.text, asked.limit, asked.offset)
    labels = state_labels(session, scope_of(session).locale) if found else {}
    return Finding(
        total,
        [
            entry(
                words,
                one.title,
                row_of((str(KINDS[one.kind]), state_words(one.kind, one.state, labels))),
                url_for("roadmap.show", key=one.key),
            )
            for one in found
        ],
    )


offer(Source("shared-request", WORDS, lambda scope: scope.allows(Permission.KNOWLEDGE_READ), _find))
