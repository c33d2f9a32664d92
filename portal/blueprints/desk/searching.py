"""Accounts, offered to the search of those who look after them."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.services.search_names import find_accounts, words_of
from portal.web.search_sources import Asked, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Account"), _l("Accounts"), "chart")


def _find(session: Session, asked: Asked) -> Finding:
    words = words_of(asked.text)
    found = find_accounts(session, asked.text, asked.limit, asked.offset)
    return Finding(
        found.total,
        [
            entry(words, name, industry, url_for("desk.account", account_key=key))
            for key, name, industry in found.rows
        ],
    )


offer(Source("account", WORDS, lambda scope: scope.allows(Permission.ACCOUNT_DESK), _find))
