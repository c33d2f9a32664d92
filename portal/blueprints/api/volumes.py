from datetime import date, tzinfo

from flask import Response, jsonify, request

from portal.blueprints.api.body import read_body
from portal.blueprints.api.document import (
    VolumePageBody,
    VolumePushBody,
    VolumeQuery,
    VolumeReceiptBody,
    documented,
)
from portal.blueprints.api.items import Item, read_items
from portal.blueprints.api.parameters import read_day, read_whole
from portal.domain import volumes
from portal.domain.permissions import Permission
from portal.services.accounts import account_head
from portal.services.adoption.window import stamp
from portal.services.volumes import list_items, list_series, push_volumes
from portal.usage.days import zone_of
from portal.web.clock import request_time
from portal.web.guards import db, needs

USUAL_PAGE, LARGEST_PAGE = 100, 1000
MEMBERS = frozenset({"id", "series", "day", "timestamp", "value", "name_en", "name_zh", "unit"})


@needs(Permission.VOLUME_WRITE)
@documented(answer=VolumeReceiptBody, body=VolumePushBody, tags=["volumes"])
def push(key: str) -> Response:
    """Adds items to the account's series, all of them or none.

    An item counts once for its `id`, however often it is pushed. A series begins with its first
    item. A correction is an item below zero. `day` is a day of the account's zone; `timestamp`
    stands for the day on which it falls there; without an offset it is what clocks of that zone
    show, so its day is the one that it names.
    """
    head = account_head(db(), key)
    zone = zone_of(head.time_zone)
    today = request_time().astimezone(zone).date()
    items = read_items(read_body(), MEMBERS, lambda one: _item(one, zone, today))
    receipt = push_volumes(db(), key, items)
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


def _item(item: Item, zone: tzinfo, today: date) -> volumes.Pushed | None:
    given, read = item.given, item.read
    key, series = read("id", volumes.read_id), read("series", volumes.read_series)
    value = read("value", volumes.read_value)
    day = None
    if "day" in given and "timestamp" in given:
        item.refuse("day", "stands beside a timestamp: send one of the two")
    elif not {"day", "timestamp"} & given.keys():
        item.refuse("day", "is needed, or else a timestamp")
    elif "day" in given:
        day = read("day", lambda told: volumes.read_day(told, today))
    else:
        day = read("timestamp", lambda told: volumes.read_timestamp(told, zone, today))
    name_en, name_zh = read("name_en", volumes.read_name), read("name_zh", volumes.read_name)
    unit = read("unit", volumes.read_unit)
    if key is None or series is None or value is None or day is None:
        return None
    return volumes.Pushed(key, series, day, value, name_en, name_zh, unit)
