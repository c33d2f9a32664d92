"""What the rooms' sources of the search have in common, and the one that belongs to no room: the
pages of the portal themselves.
"""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.domain.short_names import holds_all, leads, marked
from portal.search.folding import fold, normalise
from portal.services.search_names import words_of
from portal.tenancy import scope_of
from portal.web.navigation import places_for
from portal.web.search_sources import Asked, Entry, Finding, KindWords, Source, offer

PAGES = KindWords(_l("Page"), _l("Pages"), "arrow")


def entry(words: Sequence[str], name: str, gist: str, url: str) -> Entry:
    shown = normalise(name)
    folded = fold(shown)
    return Entry(marked(shown, folded, words), gist, url, leads(words, folded))


def _find_pages(session: Session, asked: Asked) -> Finding:
    words = words_of(asked.text)
    found = [
        entry(words, label, group, url)
        for label, group, url in _pages(scope_of(session).role)
        if holds_all(words, fold(normalise(label)))
    ]
    return Finding(len(found), found[asked.offset : asked.offset + asked.limit])


def _pages(role: Role) -> list[tuple[str, str, str]]:
    """Label, group and address of what the reader's menus lead to."""
    menu = [(place.label, place.group, place.url) for place in places_for(role)]
    return [*menu, (_("Your profile"), "", url_for("profile.show"))]


offer(Source("page", PAGES, lambda scope: scope.role is not Role.VISITOR, _find_pages))
