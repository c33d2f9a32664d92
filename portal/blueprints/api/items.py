"""Lists of items that are taken all or none: each wrong member is named by its place, such as
`items[3].value`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from portal.domain.errors import Invalid

MOST_ITEMS = 1000
MOST_ERRORS = 100
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Item:
    """One item; `wrong` collects what is wrong with all of them."""

    place: str
    given: dict[str, Any]
    wrong: dict[str, str]

    def read(self, name: str, reader: Callable[[Any], Read]) -> Read | None:
        """None where the reader raised ValueError, whose sentence is kept."""
        try:
            return reader(self.given.get(name))
        except ValueError as bad:
            self.refuse(name, str(bad))
            return None

    def refuse(self, name: str, said: str) -> None:
        self.wrong[f"{self.place}.{name}"] = said


def read_items(
    body: Any, members: Collection[str], read_one: Callable[[Item], Read | None]
) -> list[Read]:
    """`read_one` returns None where it refused something. Raises Invalid."""
    given = body.get("items") if isinstance(body, dict) else None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ITEMS:
        said = f"is a list of 1 to {MOST_ITEMS} items"
        raise Invalid(f"items: {said}", fields={"items": said})
    wrong: dict[str, str] = {}
    found = [_one(f"items[{at}]", one, wrong, members, read_one) for at, one in enumerate(given)]
    refuse_wrong(wrong)
    return [one for one in found if one is not None]


def refuse_wrong(wrong: dict[str, str]) -> None:
    if wrong:
        name = next(iter(wrong))
        raise Invalid(f"{name}: {wrong[name]}", fields=dict(list(wrong.items())[:MOST_ERRORS]))


def _one(
    place: str,
    given: Any,
    wrong: dict[str, str],
    members: Collection[str],
    read_one: Callable[[Item], Read | None],
) -> Read | None:
    if not isinstance(given, dict):
        wrong[place] = "is an object"
        return None
    unknown = sorted(set(given) - set(members))
    if unknown:
        wrong[f"{place}.{unknown[0][:40]}"] = f"is unknown; known are {', '.join(sorted(members))}"
        return None
    return read_one(Item(place, given, wrong))
