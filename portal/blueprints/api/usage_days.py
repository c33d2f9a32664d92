from datetime import date

from flask import Response, jsonify

from portal.blueprints.api.body import read_body
from portal.blueprints.api.document import UsageDaysBody, UsageDaysReceiptBody, documented
from portal.blueprints.api.items import Item, read_items, refuse_wrong
from portal.domain import usage_days
from portal.domain.permissions import Permission
from portal.services.accounts import account_head
from portal.services.usage_days import push_days
from portal.usage.days import zone_of
from portal.web.clock import request_time
from portal.web.guards import db, needs

PERSON = "external_id"
ONCE_CALLED = "user"
"""What the member was called before it was called as everywhere; taken for good."""
MEMBERS = frozenset({"day", PERSON, ONCE_CALLED, "event", "count", "duration_seconds", "minutes"})


@needs(Permission.USAGE_WRITE)
@documented(answer=UsageDaysReceiptBody, body=UsageDaysBody, tags=["usage"])
def push(key: str) -> Response:
    """Tells how often persons did what on a day, all items or none, where the product sends no
    events.

    What was told last of an account's day, person and event holds: the same again changes nothing,
    another count replaces the one before, 0 takes it back. Days are those of the account's zone.
    Time online and hours of the day stay unknown for such days.
    """
    head = account_head(db(), key)
    today = request_time().astimezone(zone_of(head.time_zone)).date()
    items = read_items(read_body(), MEMBERS, lambda one: _item(one, today))
    _refuse_doubles(items)
    receipt = push_days(db(), key, items)
    return jsonify(added=receipt.added, changed=receipt.changed, unchanged=receipt.unchanged)


def _item(item: Item, today: date) -> usage_days.UsageDay | None:
    day = item.read("day", lambda told: usage_days.read_day(told, today))
    user = item.read(_called(item), usage_days.read_user)
    event = item.read("event", usage_days.read_event)
    count = item.read("count", usage_days.read_count)
    seconds = item.read("duration_seconds", usage_days.read_seconds)
    minutes = item.read("minutes", usage_days.read_minutes)
    if seconds and minutes:
        item.refuse("minutes", "stands beside duration_seconds; send one of them")
    if day is None or user is None or event is None or count is None:
        return None
    return usage_days.UsageDay(day, user, event, count, seconds or minutes or 0)


def _called(item: Item) -> str:
    """As it was sent."""
    if PERSON in item.given and ONCE_CALLED in item.given:
        item.refuse(ONCE_CALLED, f"stands beside {PERSON}; send one of them")
    return PERSON if PERSON in item.given or ONCE_CALLED not in item.given else ONCE_CALLED


def _refuse_doubles(items: list[usage_days.UsageDay]) -> None:
    first: dict[tuple[date, str, str], int] = {}
    wrong = {
        f"items[{at}].{PERSON}": f"items[{first[item.key]}] is of the same day, person and event"
        for at, item in enumerate(items)
        if first.setdefault(item.key, at) != at
    }
    refuse_wrong(wrong)
