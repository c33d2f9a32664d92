"""What lists with tabs, filters, columns that sort and pages have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.web.formats import num

DOWN = "desc"
MOST_NUMBERS = 8


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    current: bool
    count: str | None = None


@dataclass(frozen=True, slots=True)
class SortLink:
    """`sorted` is ascending, descending or empty."""

    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Paging:
    range: str
    back: str
    next: str
    numbers: list[Link]


Address = Callable[..., str]
"""Makes the address of the same list but for the changes named."""


def kept(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of an address: usual (empty) ones are left out."""
    return {name: value for name, value in {**values, **changes}.items() if value}


def sort_links(
    columns: Mapping[str, Any], sort: str, *, descending: bool, usual: str, address: Address
) -> dict[str, SortLink]:
    found = {}
    for column in columns:
        current = column == sort
        down = not descending if current else False
        url = address(sort="" if column == usual else column, dir=DOWN if down else "")
        way = ("descending" if descending else "ascending") if current else ""
        found[column] = SortLink(url, way)
    return found


def paging(
    *, page: int, pages: int, first: int, shown: int, total: int, address: Address
) -> Paging:
    numbers = [
        Link(num(one), address(page=one if one > 1 else ""), one == page)
        for one in range(1, pages + 1)
    ]
    return Paging(
        range=_(
            "%(first)s–%(last)s of %(total)s",
            first=num(first),
            last=num(first + shown - 1),
            total=num(total),
        ),
        back=address(page=page - 1 if page > 2 else "") if page > 1 else "",  # noqa: PLR2004 # the first page needs no number
        next=address(page=page + 1) if page < pages else "",
        numbers=numbers if 1 < pages <= MOST_NUMBERS else [],
    )
