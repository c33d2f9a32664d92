"""Where a page of a list begins, in its address: `?after=["…",17]` or `?before=…`, as JSON."""

import json
from collections.abc import Mapping

from flask_babel import gettext as _

from portal.services.keyset import Mark, Page, Said
from portal.web.formats import num
from portal.web.listing import Address, Paging

LONGEST, MOST_VALUES = 600, 6
BIGGEST = 2**63


def read_mark(asked: Mapping[str, str]) -> Mark | None:
    """None for what is no mark, as a page's number of former times: the list's beginning."""
    back = "before" in asked
    said = asked.get("before" if back else "after", "")
    if not said or len(said) > LONGEST:
        return None
    try:
        place = json.loads(said)
    except (ValueError, RecursionError):
        return None
    if not isinstance(place, list) or len(place) > MOST_VALUES or not all(map(_fits, place)):
        return None
    return Mark(tuple(place), back)


def _fits(value: object) -> bool:
    if isinstance(value, str):
        # What no database keeps: NUL, and halves of characters.
        return "\x00" not in value and not any("\ud800" <= one <= "\udfff" for one in value)
    return type(value) is int and -BIGGEST <= value < BIGGEST


def marked_paging(found: Page, shown: int, total: int, address: Address) -> Paging:
    """`address` makes the list's own address, with what is named beside it."""
    return Paging(
        range=_("%(shown)s of %(total)s", shown=num(shown), total=num(total)),
        back=address(before=_written(found.back.place)) if found.back else "",
        next=address(after=_written(found.following.place)) if found.following else "",
        numbers=[],
    )


def _written(place: tuple[Said, ...]) -> str:
    return json.dumps(place, ensure_ascii=False, separators=(",", ":"))
