"""What lists with tabs, filters, columns that sort and pages have in common."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

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


class Numbered(Protocol):
    """A page of a list of `total`: `page` of `pages`, the first row's number is `first`."""

    @property
    def page(self) -> int: ...
    @property
    def pages(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def total(self) -> int: ...


Address = Callable[..., str]
"""Makes the address of the same list but for the changes named."""


def kept(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of an address: usual (empty) ones are left out."""
    return {name: value for name, value in {**values, **changes}.items() if value}


def sort_links(
    columns: Iterable[str],
    sort: str,
    *,
    descending: bool,
    usual: str,
    address: Address,
    highest_first: Container[str] = (),
) -> dict[str, SortLink]:
    """The second click on a column turns it round; the first shows the lowest first, but for
    those of `highest_first`.
    """
    found = {}
    for column in columns:
        current = column == sort
        down = not descending if current else column in highest_first
        url = address(sort="" if column == usual else column, dir=DOWN if down else "")
        way = ("descending" if descending else "ascending") if current else ""
        found[column] = SortLink(url, way)
    return found


def paging(found: Numbered, shown: int, address: Address) -> Paging:
    """`shown`: how many rows stand on this page."""
    page, pages = found.page, found.pages
    few = range(1, pages + 1) if 1 < pages <= MOST_NUMBERS else ()
    numbers = [Link(num(one), address(page=one if one > 1 else ""), one == page) for one in few]
    return Paging(
        range=_(
            "%(first)s–%(last)s of %(total)s",
            first=num(found.first),
            last=num(found.first + shown - 1),
            total=num(found.total),
        ),
        back=address(page=page - 1 if page > 2 else "") if page > 1 else "",  # noqa: PLR2004 # the first page needs no number
        next=address(page=page + 1) if page < pages else "",
        numbers=numbers,
    )
