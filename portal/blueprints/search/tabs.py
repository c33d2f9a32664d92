"""The places of those who look after the search."""

from flask import url_for
from flask_babel import gettext as _

from portal.domain.permissions import Permission
from portal.web.guards import scope
from portal.web.listing import Link


def tabs(current: str) -> list[Link]:
    places = [("gaps", _("Content gaps"), Permission.KNOWLEDGE_WRITE)]
    places.append(("judgements", _("Judged answers"), Permission.KNOWLEDGE_WRITE))
    places.append(("words", _("Synonyms and stop words"), Permission.SEARCH_TEACH))
    return [
        Link(label, url_for(f"search.{name}"), name == current)
        for name, label, permission in places
        if scope().allows(permission)
    ]
