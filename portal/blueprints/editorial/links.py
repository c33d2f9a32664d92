"""Links that lead nowhere, or not everybody."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.blueprints.editorial.room import blueprint
from portal.domain.errors import NotFound
from portal.domain.external_links import (
    BARRED,
    BROKEN,
    FAILING,
    GONE,
    UNCLEAR,
    UNREACHABLE,
    WORKING,
)
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
from portal.services.external_links import ask_again
from portal.services.knowledge_link_check import ask_for_check
from portal.services.link_list import KINDS, FoundLink, link_page, list_links
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.listing import Link, kept, paging
from portal.web.pages import page_number
from portal.web.spreadsheets import csv_file
from portal.web.state import state

TROUBLE_WORDS = {
    MISSING: ("risk", _l("There is no such text")),
    WITHDRAWN: ("risk", _l("That text is not published")),
    NARROWER: ("risk", _l("Not every reader may open it")),
    ANCHOR: ("watch", _l("There is no such section")),
    FEATURE: ("watch", _l("No such feature in the catalogue")),
    ACCOUNT: ("watch", _l("No such account")),
    SEGMENT: ("watch", _l("No such segment")),
    GONE: ("risk", _l("Elsewhere: the page is gone")),
    UNREACHABLE: ("risk", _l("Elsewhere: no answer")),
    FAILING: ("watch", _l("Elsewhere: an error")),
    UNCLEAR: ("none", _l("Elsewhere: does not answer machines")),
    BARRED: ("none", _l("Elsewhere: not a public address")),
    UNCHECKED: ("none", _l("Elsewhere, not checked")),
    WORKING: ("good", _l("Elsewhere: works")),
}
COLUMNS = (
    *("slug", "title", "lesson", "language", "target", "trouble", "found_at"),
    *("status", "last_good_at", "asked_at"),
)
NEED_SOMEBODY = (*TROUBLES[:-1], *BROKEN)


@blueprint.get("/links")
@needs(Permission.KNOWLEDGE_WRITE)
def links() -> str:
    chosen = request.args.get("trouble", "")
    if chosen not in {"", *KINDS}:
        raise NotFound
    found = link_page(db(), chosen, page_number(request.args))

    def address(**changes: object) -> str:
        return url_for("editorial.links", **kept({"trouble": chosen}, changes))

    return render_template(
        "editorial/links.html",
        found=found.rows,
        broken=sum(found.counts.get(one, 0) for one in NEED_SOMEBODY),
        elsewhere_asked=state().settings.check_external_links,
        words=TROUBLE_WORDS,
        own_names=OWN_NAMES,
        versions=_tabs(found.counts, chosen),
        paging=paging(found, len(found.rows), address),
        chosen=chosen,
        page=found.page,
    )


@blueprint.get("/links.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def links_csv() -> Response:
    rows = (_cells(one) for one in list_links(db()))
    return csv_file(f"links-{request_time():%Y-%m-%d}.csv", COLUMNS, rows)


@blueprint.post("/links")
@needs(Permission.KNOWLEDGE_WRITE)
def check() -> Any:
    ask_for_check(db())
    flash(_("The links are being looked at. Load the page again in a moment."), "toast")
    return redirect(url_for("editorial.links"))


@blueprint.post("/links/asking")
@needs(Permission.KNOWLEDGE_WRITE)
def ask_link() -> Any:
    """One address elsewhere again, before its week is over."""
    if not ask_again(db(), request.form.get("url", "")[:500]):
        raise NotFound
    flash(_("The address is being asked for. Load the page again in a moment."), "toast")
    number, trouble = page_number(request.args), request.args.get("trouble", "")
    known = {"trouble": trouble if trouble in KINDS else "", "page": number if number > 1 else ""}
    return redirect(url_for("editorial.links", **kept(known, {})))


def _tabs(counts: Mapping[str, int], chosen: str) -> list[Link]:
    total = num(sum(counts.values()))
    return [Link(_("All"), url_for("editorial.links"), not chosen, total)] + [
        Link(
            str(TROUBLE_WORDS[one][1]),
            url_for("editorial.links", trouble=one),
            one == chosen,
            num(counts.get(one, 0)),
        )
        for one in KINDS
        if counts.get(one) or one == chosen
    ]


def _cells(one: FoundLink) -> list[object]:
    moments = (one.good_at, one.asked_at)
    return [
        *(one.slug, one.title, one.lesson, one.locale, one.target, one.trouble),
        *(one.since.isoformat(), one.status),
        *(moment.isoformat() if moment else None for moment in moments),
    ]
