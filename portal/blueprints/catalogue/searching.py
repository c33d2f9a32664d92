"""Features of the catalogue, offered to the search of the vendor's people. Who may not change the
catalogue is led to what teaches the feature.
"""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.services.search_names import find_features, words_of
from portal.tenancy import scope_of
from portal.web.search_sources import Asked, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Feature"), _l("Features"), "case")


def _find(session: Session, asked: Asked) -> Finding:
    words = words_of(asked.text)
    found = find_features(session, asked.text, asked.limit, asked.offset)
    changes = scope_of(session).allows(Permission.USAGE_ADMIN)
    return Finding(
        found.total,
        [
            entry(words, name, module, _address(key, changes=changes))
            for key, name, module in found.rows
        ],
    )


def _address(key: str, *, changes: bool) -> str:
    if changes:
        return url_for("catalogue.feature", key=key)
    return url_for("knowledge.index", feature=key)


offer(Source("feature", WORDS, lambda scope: scope.role.side == "vendor", _find))
