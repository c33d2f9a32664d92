"""What the revisions and the languages of a text or a lesson have in common on their pages."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.errors import NotFound
from portal.services.knowledge_drafts import Draft
from portal.services.knowledge_keeping import CONVERTED, FILE, RESTORE, WEB
from portal.services.knowledge_languages import CURRENT, MISSING, OUTDATED, SOURCE
from portal.services.knowledge_revisions import RevisionLine
from portal.web.formats import moment
from portal.web.guards import scope

ORIGINS = {
    WEB: _l("written in the portal"),
    FILE: _l("loaded from a file"),
    RESTORE: _l("restored"),
    CONVERTED: _l("converted by machine"),
}
LANGUAGE_STATES = {
    SOURCE: ("", _l("source")),
    MISSING: ("watch", _l("missing")),
    OUTDATED: ("watch", _l("outdated")),
    CURRENT: ("good", _l("current")),
}


def text_trail(draft: Draft) -> list[dict[str, str]]:
    """The way to a page about a text."""
    title = draft.fields["title"] or draft.slug
    return [
        {"label": _("Texts"), "url": url_for("editorial.index")},
        {"label": title, "url": url_for("editorial.show", slug=draft.slug)},
    ]


def revision_pair(lines: list[RevisionLine]) -> tuple[int, int]:
    """The revisions to compare: those asked for, else the newest with the one before it."""
    numbers = [line.number for line in lines]
    other = _asked("other", numbers) or (numbers[0] if numbers else 0)
    one = _asked("one", numbers) or next((each for each in numbers if each < other), 0)
    return one, other


def _asked(name: str, numbers: list[int]) -> int:
    said = request.args.get(name, "")
    if not said:
        return 0
    if said not in map(str, numbers):
        raise NotFound
    return int(said)


def revision_words(line: RevisionLine, restores: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "author": line.author,
        "at": moment(line.at, scope().time_zone or "UTC"),
        "origin": str(ORIGINS.get(line.origin, line.origin)),
        "note": line.note if line.origin != "restore" else "",
        "from": line.note if line.origin == "restore" else "",
        "title": line.title,
        "current": line.current,
        "restores": restores,
    }
