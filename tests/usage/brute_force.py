"""DOMAIN §2 computed from the bare events, one by one: slow, short, and written apart from the
engine, so that both being wrong in the same way is unlikely.
"""

import itertools
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.usage.sample import FEATURES, ZONES, Sample

AS_OF = [date(2026, 3, 8), date(2026, 3, 19), date(2026, 4, 5), date(2026, 4, 14)]


class Truth:
    """The answers for one account, each message once."""

    def __init__(self, sample: Sample, account: str, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.people = {
            person: (date(2026, 3, 1 + number % 5), until)
            for number, (person, until) in enumerate(sample.people[account].items())
        }
        self.seats = sample.seats[account]
        own = (one for one in sample.events if one["context"]["groupId"] == account)
        self.events = list({one["messageId"]: one for one in own}.values())

    def at(self, event: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(event["timestamp"])

    def day(self, event: dict[str, Any]) -> date:
        return self.at(event).astimezone(self.zone).date()

    def within(self, last: date, days: int) -> list[dict[str, Any]]:
        first = last - timedelta(days=days - 1)
        return [event for event in self.events if first <= self.day(event) <= last]

    def users(self, last: date, days: int) -> set[str]:
        return {event["userId"] for event in self.within(last, days)}

    def provisioned(self, day: date) -> set[str]:
        return {
            person
            for person, (start, until) in self.people.items()
            if start <= day and (until is None or day < until)
        }

    def figures(self, day: date, window: int) -> dict[str, Any]:
        listed, events = self.provisioned(day), self.within(day, window)
        activated = len(self.users(day, 10_000) & listed)
        mau = len(self.users(day, 30))
        daily = [len(self.users(day - timedelta(days=back), 1)) for back in range(30)]
        used, depth = self.features(events, window)
        return {
            "provisioned": len(listed),
            "activated": activated,
            "activation_rate": activated / (self.seats or len(listed)),
            "login_ratio_7d": len(self.users(day, 7) & listed) / len(listed),
            "login_ratio_30d": len(self.users(day, 30) & listed) / len(listed),
            "dau": daily[0],
            "wau": len(self.users(day, 7)),
            "mau": mau,
            "stickiness": sum(daily) / 30 / mau,
            "time_online_seconds": self.online(day, window),
            "breadth": {"used": used, "entitled": 3, "ratio": used / 3},
            "depth": depth,
            "integration_calls": sum(
                event["properties"]["channel"] in {"api", "integration"} for event in events
            ),
            "series": [
                self.series_day(day - timedelta(days=back)) for back in reversed(range(window))
            ],
        }

    def features(self, events: list[dict[str, Any]], window: int) -> tuple[int, float]:
        depths = []
        for name, (_, core, target) in FEATURES.items():
            uses = [event for event in events if (event.get("event") or event["name"]) == name]
            persons = {event["userId"] for event in uses}
            rate = len(uses) / len(persons) / (window / 7) / float(target) if uses else 0
            depths += [min(rate, 1)] if core else []
        return sum(depth > 0 for depth in depths), sum(depths) / len(depths)

    def online(self, day: date, window: int) -> int:
        total, first = 0, day - timedelta(days=window - 1)
        for person in self.users(day, 10_000) | self.users(day + timedelta(days=1), 1):
            own = (event for event in self.events if event["userId"] == person)
            minutes = sorted({int(self.at(event).timestamp()) // 60 for event in own})
            for one, other in itertools.pairwise(minutes):
                local = datetime.fromtimestamp(one * 60, self.zone).date()
                if other - one <= 30 and first <= local <= day:
                    total += 60 * (other - one)
        return total

    def series_day(self, day: date) -> dict[str, Any]:
        counts = {name: len(self.users(day, size)) for name, size in SIZES.items()}
        return {"day": day.isoformat(), **counts, "events": len(self.within(day, 1))}


SIZES = {"dau": 1, "wau": 7, "mau": 30}


def truth_of(
    sample: Sample, window: int = 30, zones: Mapping[str, str] = ZONES
) -> dict[tuple[str, date], dict[str, Any]]:
    return {
        (account, day): Truth(sample, account, zone).figures(day, window)
        for account, zone in zones.items()
        for day in AS_OF
    }
