from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any, TypeVar

from flask import Response, jsonify, request

from portal.blueprints.api.body import read_body
from portal.blueprints.api.document import (
    VolumePageBody,
    VolumePushBody,
    VolumeQuery,
    VolumeReceiptBody,
    documented,
)
from portal.blueprints.api.parameters import read_day, read_whole
from portal.domain import volumes
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.services.accounts import account_head
from portal.services.adoption.window import stamp
from portal.services.volumes import list_items, list_series, push_volumes
from portal.usage.days import zone_of
from portal.web.clock import request_time
from portal.web.guards import db, needs

MOST_ITEMS = 1000
USUAL_PAGE, LARGEST_PAGE = 100, 1000
MEMBERS = frozenset({"id", "series", "day", "timestamp", "value", "name_en", "name_zh", "unit"})
MOST_ERRORS = 100
Read = TypeVar("Read")


@needs(Permission.VOLUME_WRITE)
@documented(answer=VolumeReceiptBody, body=VolumePushBody, tags=["volumes"])
def push(key: str) -> Response:
    """Adds items to the account's series, all of them or none.

    An item counts once for its `id`, however often it is pushed. A series begins with its first
    item. A correction is an item below zero. `day` is a day of the account's zone; `timestamp`
    stands for the day on which it falls there.
    """
    head = account_head(db(), key)
    zone = zone_of(head.time_zone)
    receipt = push_volumes(db(), key, _items(read_body(), zone, request_time()))
    return jsonify(accepted=receipt.accepted, duplicates=receipt.duplicates)


@needs(Permission.ADOPTION_READ)
@documented(query=VolumeQuery, answer=VolumePageBody, tags=["volumes"])
def show(key: str) -> Response:
    """What was pushed, the latest days first, page by page: send `next` as `after`."""
    page = list_items(
        db(),
        key,
        series=request.args.get("series"),
        first=read_day("from"),
        last=read_day("to"),
        after=request.args.get("after"),
        size=read_whole("limit", USUAL_PAGE, LARGEST_PAGE, "items"),
    )
    return jsonify(
        account=key,
        series=[
            {"key": one.key, "name_en": one.name_en, "name_zh": one.name_zh, "unit": one.unit}
            for one in list_series(db(), key)
        ],
        items=[
            {
                "id": one.id,
                "series": one.series,
                "day": one.day.isoformat(),
                "value": str(volumes.plain(one.value)),
                "received_at": stamp(one.received_at),
            }
            for one in page.items
        ],
        next=page.following,
    )


def _items(body: Any, zone: tzinfo, now: datetime) -> list[volumes.Pushed]:
    """Raises Invalid with each wrong member by its place, such as `items[3].value`."""
    given = body.get("items") if isinstance(body, dict) else None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ITEMS:
        said = f"is a list of 1 to {MOST_ITEMS} items"
        raise Invalid(f"items: {said}", fields={"items": said})
    wrong: dict[str, str] = {}
    today = now.astimezone(zone).date()
    items = [_item(f"items[{place}]", one, zone, today, wrong) for place, one in enumerate(given)]
    if wrong:
        name = next(iter(wrong))
        first_ones = dict(list(wrong.items())[:MOST_ERRORS])
        raise Invalid(f"{name}: {wrong[name]}", fields=first_ones)
    return [one for one in items if one is not None]


def _item(
    place: str, given: Any, zone: tzinfo, today: date, wrong: dict[str, str]
) -> volumes.Pushed | None:
    if not isinstance(given, dict):
        wrong[place] = "is an object"
        return None
    unknown = sorted(set(given) - MEMBERS)
    if unknown:
        wrong[f"{place}.{unknown[0][:40]}"] = f"is unknown; known are {', '.join(sorted(MEMBERS))}"
        return None

    def read(name: str, reader: Callable[[Any], Read]) -> Read | None:
        try:
            return reader(given.get(name))
        except ValueError as bad:
            wrong[f"{place}.{name}"] = str(bad)
            return None

    item, series = read("id", volumes.read_id), read("series", volumes.read_series)
    value = read("value", volumes.read_value)
    if ("day" in given) == ("timestamp" in given):
        wrong[f"{place}.day"] = "is needed, or else a timestamp"
        day = None
    elif "day" in given:
        day = read("day", lambda told: volumes.read_day(told, today))
    else:
        day = read("timestamp", lambda told: volumes.read_timestamp(told, zone, today))
    name_en, name_zh = read("name_en", volumes.read_name), read("name_zh", volumes.read_name)
    unit = read("unit", volumes.read_unit)
    if item is None or series is None or value is None or day is None:
        return None
    return volumes.Pushed(item, series, day, value, name_en, name_zh, unit)
