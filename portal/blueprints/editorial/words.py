"""What the newsroom says of stages, languages and what is missing."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.locales import OWN_NAMES
from portal.services.editorial_list import (
    ALL,
    DRAFTS,
    GONE,
    LATE,
    LIVE,
    MINE,
    NEAR,
    REVIEW,
    SCHEDULED,
)
from portal.web.knowledge_words import FIELD_NAMES

SHELF_WORDS = {
    ALL: _l("All"),
    MINE: _l("For your review"),
    DRAFTS: _l("Drafts"),
    REVIEW: _l("In review"),
    SCHEDULED: _l("Scheduled"),
    LIVE: lazy_pgettext("stage", "Published"),
    GONE: _l("Archived"),
}
DUE_WORDS = {LATE: _l("Review overdue"), NEAR: _l("Review due within 60 days")}
# Refusals by code.
REFUSALS = {
    "not-ready": _l("Some things are missing before it can be published."),
    "overtaken": _l("Something newer was published since this copy was begun. Compare both first."),
    "changed-since": _l("Somebody has changed the text since you read it. Read it again."),
    "wrong-stage": _l("The text is no longer at the stage for this. Load the page again."),
    "nothing-to-convert": _l("There is no simplified Chinese text to convert."),
    "copy-exists": _l("Somebody is writing this language already."),
}


def problems(fields: Mapping[str, str]) -> list[str]:
    """What keeps a text from being published: "en: summary" in the reader's words."""
    found = []
    for member in fields:
        locale, _colon, key = member.partition(": ")
        name = str(FIELD_NAMES.get(key, key)) if key else ""
        language = OWN_NAMES.get(locale, locale)
        found.append(
            _("%(language)s: “%(field)s” is missing or not right.", language=language, field=name)
            if name
            else _("%(language)s: somebody has to look at it first.", language=language)
        )
    return found
