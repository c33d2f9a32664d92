"""The table of people: heads that sort, and the way to the next page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.services.adoption import People
from portal.services.adoption.people import PAGE_SIZE
from portal.web.adoption.basis import basis_words
from portal.web.adoption.definitions import define
from portal.web.formats import num

KEPT = ("window", "from", "to", "sort", "dir", "q")
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Order:
    column: str
    descending: bool


def people_columns(
    order: Order, asked: Mapping[str, str], address: Address
) -> list[dict[str, Any]]:
    """The heads, each with the address that sorts by it, the other way round if it does already."""
    labels = {
        "name": _("Name"),
        "team": _("Team"),
        "active_days": _("Active days"),
        "time_online_seconds": _("Time online"),
        "features": _("Features used"),
        "last_day": _("Last active"),
    }
    return [_column(key, label, order, asked, address) for key, label in labels.items()]


def _column(
    key: str, label: str, order: Order, asked: Mapping[str, str], address: Address
) -> dict[str, Any]:
    current = key == order.column
    words = key in {"name", "team"}
    # Names rise first, figures fall first: what is looked for stands at the top.
    descends = not order.descending if current else not words
    query = {**asked, "sort": key, "dir": "desc" if descends else "asc"}
    way = ("descending" if order.descending else "ascending") if current else ""
    return {"label": label, "url": address(**query), "sorted": way, "number": not words}


def people_words(found: People) -> dict[str, Any]:
    """What the columns mean, and what the figures rest on."""
    return {
        "defined": define("person" if found.named else "teams"),
        "basis": basis_words(found.basis),
    }


def people_pages(found: People, asked: Mapping[str, str], address: Address) -> dict[str, str]:
    """The words and addresses of the paging line."""
    first = (found.page - 1) * PAGE_SIZE + 1
    last = first + len(found.rows) - 1
    return {
        "range": _(
            "%(first)s–%(last)s of %(total)s",
            first=num(first),
            last=num(last),
            total=num(found.total),
        ),
        "back": address(**asked, page=str(found.page - 1)) if found.page > 1 else "",
        "following": address(**asked, page=str(found.page + 1)) if found.page < found.pages else "",
    }
