"""What a text says beside its body: each key read strictly, from a file's front matter and from
what a person has typed.

Values come as YAML or JSON gives them. A moment of an event is written as the clock on the wall
shows it in its `zone`: 2026-12-03 15:00.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from portal.domain.audience import CUSTOMERS, NAMED, PUBLIC, VENDOR, Audience
from portal.domain.errors import Invalid
from portal.domain.knowledge import EVENT, EVENT_KINDS, LONGEST_SLUG, SHAPES, SLUG, TYPES

COMMON = ("title", "summary", "type", "audience", "features", "review_by", "published", "minutes")
LANGUAGE = ("title", "summary", "effect", "place")
"""Keys that each language version says in its own words; the others are the item's."""
# The longest that the database holds.
LENGTHS = {"title": 300, "summary": 600, "effect": 300, "place": 200, "link": 500}
# What stands where a key is not written, or not for this type.
EMPTY: dict[str, Any] = {
    "title": "",
    "summary": "",
    "audience": Audience(VENDOR),
    "features": (),
    "review_by": None,
    "published": None,
    "minutes": 0,
    "effect": "",
    "consent": None,
    "benchmark": False,
    "kind": "",
    "starts_at": "",
    "ends_at": "",
    "zone": "",
    "place": "",
    "link": "",
}
DAYS = ("review_by", "published", "consent")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_MOST_NAMES = 50
_LONGEST_READ = 600
_WALL = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})")
_LINK = re.compile(r"https?://[^\s\"<>\\]+")
Read = Callable[[Any], Any]


def keys_of(kind: str) -> tuple[str, ...]:
    """In the order in which a file has them."""
    return (*COMMON, *SHAPES[kind].fields)


def read_values(
    given: Mapping[str, Any], *, unfinished: bool = False, wrong: dict[str, str] | None = None
) -> dict[str, Any]:
    """The value of every key of EMPTY, and `type`. Raises Invalid, whose `fields` name each key
    that is wrong, missing or unknown; `wrong` holds what the caller has found already.

    `unfinished`: a working copy, in which anything but the type may still be missing.
    """
    wrong = {} if wrong is None else wrong
    kind = given.get("type")
    known = keys_of(kind) if isinstance(kind, str) and kind in SHAPES else (*COMMON, *given)
    made = {"type": kind, **EMPTY}
    for key in known:
        if _is_missing(given, key):
            if not unfinished and not _may_lack(kind, key):
                wrong[key] = "This key is missing."
            continue
        try:
            made[key] = _reader(key, kind)(given[key])
        except Invalid as refusal:
            wrong[key] = refusal.message
    wrong.update(
        {key[:80]: "There is no such key, or not for this type." for key in given.keys() - known}
    )
    if kind == EVENT:
        _hold_event(made, wrong, unfinished=unfinished)
    if wrong:
        raise Invalid("The front matter is wrong.", fields=wrong)
    return made


def moment(wall: str, zone: str) -> datetime:
    """The moment at which the clocks of the zone show this, in UTC; the first of two."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wall_time(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _is_missing(given: Mapping[str, Any], key: str) -> bool:
    # An empty title is wrong, not missing, in a file; its reader says so.
    return key not in given or given[key] is None


def _may_lack(kind: Any, key: str) -> bool:
    return kind in SHAPES and key in SHAPES[kind].may_lack


def _reader(key: str, kind: Any) -> Read:
    if key in {"title", "summary", "effect", "place"}:
        return _line(key)
    if key == "features":
        fewest = 1 if kind not in SHAPES or SHAPES[kind].needs_feature else 0
        return _names("feature", fewest)
    return _READERS.get(key, _nothing)


def _nothing(_value: Any) -> Any:
    return None


def _hold_event(made: dict[str, Any], wrong: dict[str, str], *, unfinished: bool) -> None:
    if (
        not unfinished
        and not (made["place"] or made["link"])
        and not {"place", "link"} & set(wrong)
    ):
        wrong["place"] = "Say where it takes place, or give the link under which it does."
    walls = [made[key] for key in ("starts_at", "ends_at")]
    if made["zone"] and all(walls) and not {"starts_at", "ends_at", "zone"} & set(wrong):
        for key, wall in zip(("starts_at", "ends_at"), walls, strict=True):
            if wall_time(moment(wall, made["zone"]), made["zone"]) != wall:
                wrong[key] = "No clock of this zone shows that time: it is skipped in spring."
        if moment(walls[1], made["zone"]) <= moment(walls[0], made["zone"]):
            wrong.setdefault("ends_at", "The end must be after the beginning.")


# --- one value each ---------------------------------------------------------------------------


def _line(key: str) -> Read:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise Invalid("Write one line of text (in double quotes where it looks like a number).")
        if UNPRINTABLE.search(value) or value != value.strip():
            raise Invalid("Write one line, without control characters or spaces around it.")
        if len(value) > LENGTHS[key]:
            raise Invalid(f"Write at most {LENGTHS[key]} characters.")
        return value

    return read


def _one_of(known: tuple[str, ...]) -> Read:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise Invalid(f"Use one of {', '.join(known)}.")
        return value

    return read


def _names(noun: str, fewest: int = 1) -> Read:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not fewest <= len(value) <= _MOST_NAMES:
            raise Invalid(f"Give a list of {noun} keys, such as [one, two].")
        for name in value:
            if (
                not isinstance(name, str)
                or not re.fullmatch(SLUG, name)
                or len(name) > LONGEST_SLUG
            ):
                raise Invalid(f"A {noun} key has small letters, digits and hyphens only.")
        if len(set(value)) < len(value):
            raise Invalid(f"A {noun} stands twice.")
        return tuple(value)

    return read


def _audience(value: Any) -> Audience:
    if isinstance(value, dict) and len(value) == 1:
        ((kind, names),) = value.items()
        if kind in NAMED:
            return Audience(kind, **{kind: _names(NAMED[kind])(names)})
    if isinstance(value, str) and value in {PUBLIC, CUSTOMERS, VENDOR}:
        return Audience(value)
    raise Invalid("Use public, customers, vendor, segments: [key, …] or accounts: [key, …].")


def _day(value: Any) -> date:
    # A datetime is a date to Python, and not to us.
    if type(value) is not date:
        raise Invalid("Write a date such as 2026-11-27, without quotes.")
    return value


def _minutes(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= _LONGEST_READ:
        raise Invalid(f"Write whole minutes between 1 and {_LONGEST_READ}.")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid("Write true or false.")
    return value


def _wall(value: Any) -> str:
    match = _WALL.fullmatch(value) if isinstance(value, str) else None
    if match is None or not _is_moment(f"{match[1]} {match[2]}"):
        raise Invalid("Write day and time such as 2026-12-03 15:00.")
    return f"{match[1]} {match[2]}"


def _is_moment(written: str) -> bool:
    """Whether there is such a time, in years that every zone can reckon with."""
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return "1970" <= written[:4] < "9000"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(value: Any) -> str:
    if not isinstance(value, str) or value not in _zones():
        raise Invalid("Use the name of a time zone, such as Europe/Oslo.")
    return value


def _link(value: Any) -> str:
    if not isinstance(value, str) or not _LINK.fullmatch(value) or UNPRINTABLE.search(value):
        raise Invalid("Give a whole address that begins with https:// or http://.")
    if len(value) > LENGTHS["link"]:
        raise Invalid(f"Write at most {LENGTHS['link']} characters.")
    return value


_READERS: dict[str, Read] = {
    "type": _one_of(TYPES),
    "audience": _audience,
    "review_by": _day,
    "published": _day,
    "consent": _day,
    "minutes": _minutes,
    "benchmark": _truth,
    "kind": _one_of(EVENT_KINDS),
    "starts_at": _wall,
    "ends_at": _wall,
    "zone": _zone,
    "link": _link,
}
