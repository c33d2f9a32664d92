"""Links that lead nowhere, or not everybody."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.blueprints.editorial.room import blueprint
from portal.domain.errors import NotFound
from portal.domain.link_check import (
    ACCOUNT,
    ANCHOR,
    FEATURE,
    MISSING,
    NARROWER,
    SEGMENT,
    TROUBLES,
    UNCHECKED,
    WITHDRAWN,
)
from portal.domain.permissions import Permission
from portal.locales import OWN_NAMES
from portal.services.knowledge_link_check import ask_for_check, list_links
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.listing import Link
from portal.web.spreadsheets import csv_file

TROUBLE_WORDS = {
    MISSING: ("risk", _l("There is no such text")),
    WITHDRAWN: ("risk", _l("That text is not published")),
    NARROWER: ("risk", _l("Not every reader may open it")),
    ANCHOR: ("watch", _l("There is no such section")),
    FEATURE: ("watch", _l("No such feature in the catalogue")),
    ACCOUNT: ("watch", _l("No such account")),
    SEGMENT: ("watch", _l("No such segment")),
    UNCHECKED: ("none", _l("Elsewhere, not checked")),
}
COLUMNS = ("slug", "title", "language", "target", "trouble", "found_at")


@blueprint.get("/links")
@needs(Permission.KNOWLEDGE_WRITE)
def links() -> str:
    chosen = request.args.get("trouble", "")
    if chosen not in {"", *TROUBLES}:
        raise NotFound
    found = list_links(db())
    counts = {one: sum(link.trouble == one for link in found) for one in TROUBLES}
    tabs = [Link(_("All"), url_for("editorial.links"), not chosen, num(len(found)))]
    tabs += [
        Link(
            str(TROUBLE_WORDS[one][1]),
            url_for("editorial.links", trouble=one),
            one == chosen,
            num(counts[one]),
        )
        for one in TROUBLES
        if counts[one] or one == chosen
    ]
    return render_template(
        "editorial/links.html",
        found=[link for link in found if chosen in {"", link.trouble}],
        broken=len(found) - counts[UNCHECKED],
        elsewhere=counts[UNCHECKED],
        words=TROUBLE_WORDS,
        own_names=OWN_NAMES,
        versions=tabs,
    )


@blueprint.get("/links.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def links_csv() -> Response:
    rows = (
        [one.slug, one.title, one.locale, one.target, one.trouble, one.found_at.isoformat()]
        for one in list_links(db())
    )
    return csv_file(f"links-{request_time():%Y-%m-%d}.csv", COLUMNS, rows)


@blueprint.post("/links")
@needs(Permission.KNOWLEDGE_WRITE)
def check() -> Any:
    ask_for_check(db())
    flash(_("The links are being looked at. Load the page again in a moment."), "toast")
    return redirect(url_for("editorial.links"))
