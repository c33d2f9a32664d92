"""The tabs above a customer's requests, the roadmap and the changelog: one place for all three."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from portal.web.formats import num
from portal.web.listing import Link

_NO_ADDRESS: Mapping[str, Any] = {}


def request_tabs(current: str, counts: Mapping[str, int] | None = None) -> list[Link]:
    """`current`: company, mine, closed, roadmap or new; `counts` by the first three. Tabs of a
    reader who has no requests of their own (the vendor's people) are left to the caller.
    """
    names = {"company": _("Our company’s"), "mine": _("Mine"), "closed": _("Closed")}
    own = [
        Link(
            name,
            url_for("requests.index", tab=None if tab == "company" else tab),
            tab == current,
            num(counts[tab]) if counts and tab in counts else None,
        )
        for tab, name in names.items()
        if "requests.index" in current_app.view_functions
    ]
    return [*own, *shared_tabs(current)]


def shared_tabs(current: str) -> list[Link]:
    """Those of the vendor's people: what all customers see."""
    places = (
        ("roadmap", _("Roadmap"), "roadmap.index"),
        ("new", _("What is new"), "roadmap.whats_new"),
    )
    return [Link(name, url_for(to), tab == current) for tab, name, to in places]
