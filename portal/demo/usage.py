"""Fourteen months of believable usage, the same each time for the same last day.

Pure: a company and a last day in, Segment messages out. Chance comes from a generator seeded by
the company's key, so a new company changes nothing for the others.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from portal.demo.cast import DAYS_OF_USAGE, FEATURES, Company

EVENT_OF = {feature.key: feature.event for feature in FEATURES}
WEEKDAY = (0.94, 1.0, 0.97, 0.95, 0.8, 0.05, 0.03)
HOURS = (7, 8, 9, 9, 9, 10, 10, 11, 11, 13, 13, 14, 14, 15, 16, 17)
TUESDAY = 1
MOBILE_SHARE = 0.22
SATURDAY = 5
UNKNOWN = {
    "oskelund-foods": (("export.started", ("pdf", "xlsx")), ("tour.dismissed", ("web",))),
    "tarnby-freight": (("export.started", ("pdf", "csv")), ("export.shared", ("pdf", "link"))),
}
SILENT_DAYS = 16
DROP_DAYS = 7

FIRST = (
    *("Anna", "Bjarte", "Clara", "Daniel", "Eva", "Filip", "Gerd", "Håkon", "Ida", "Jan"),
    *("Karin", "Lars", "Maja", "Nils", "Olga", "Per", "Rut", "Sven", "Tove", "Ulf"),
    *("Vera", "Wim", "Yann", "Zoe", "Astrid", "Birk", "Carl", "Dina", "Emil", "Frida"),
)
LAST = (
    *("Aasen", "Berg", "Carlsen", "Dahl", "Eide", "Falk", "Grimstad", "Haugen", "Iversen"),
    *("Jensen", "Krogh", "Lund", "Moe", "Nygaard", "Olsen", "Petersen", "Quist", "Rustad"),
    *("Solberg", "Tveit", "Ulvang", "Vik", "Winther", "Ytre", "Ødegård"),
)
FAMILY = {"zh-Hans": "陈林黄张李王吴刘蔡杨许郑谢郭洪", "zh-Hant": "陳林黃張李王吳劉蔡楊許鄭謝郭洪"}
GIVEN = {
    "zh-Hans": ("子轩", "雨桐", "思远", "佳怡", "志明", "文博", "静怡", "俊杰", "浩然", "美玲"),
    "zh-Hant": ("子軒", "雨桐", "思遠", "佳怡", "志明", "文博", "靜怡", "俊傑", "浩然", "美玲"),
}


@dataclass(frozen=True, slots=True)
class Employee:
    """`since` is the first day with an account in the product; `keenness` is 0 (never signed in)
    to 1.
    """

    external_id: str
    name: str
    email: str
    team: str
    since: date
    keenness: float


def employees(company: Company, last_day: date) -> list[Employee]:
    """The provisioned persons, in a fixed order."""
    chance = Random(f"people of {company.key}")  # noqa: S311 # invented people, not secrets
    go_live = last_day - timedelta(days=company.live)
    made: list[Employee] = []
    for team in company.teams:
        since = go_live if team.joins is None else last_day - timedelta(days=team.joins)
        for _ in range(team.persons):
            number = len(made) + 1
            name = _name(company, chance)
            late = int(chance.random() ** 3 * 40) if team.joins is None else chance.randrange(3)
            made.append(
                Employee(
                    f"{company.key[:3]}-{number:04}",
                    name,
                    f"user{number}@{company.key}.example",
                    team.name,
                    min(since + timedelta(days=late), last_day),
                    _keenness(company, chance),
                )
            )
    return made


def _keenness(company: Company, chance: Random) -> float:
    """Where a contract is over-used, hardly anybody stays away."""
    absent = 0.01 if company.shape == "overuse" else 0.11
    return 0.0 if chance.random() < absent else 0.04 + 0.96 * chance.betavariate(1.5, 1.3)


def _name(company: Company, chance: Random) -> str:
    if company.locale in FAMILY:
        return chance.choice(FAMILY[company.locale]) + chance.choice(GIVEN[company.locale])
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def level(shape: str, back: int, live: int) -> float:
    """Share of the keen who work on a usual day, `back` days before the last, `live` days after
    which the product went live. Between 0 and 1.
    """
    age = max(live - back, 0)
    ramp = 1 - math.exp(-age / 30)
    grown = min(age / max(live, 1), 1.0)
    course: dict[str, float] = {
        "growth": 0.34 + 0.42 * grown,
        "plateau": 0.68,
        "drop": 0.24 if back < DROP_DAYS else 0.72,
        "fade": 0.72 - 0.42 * max(0.0, 1 - back / 150) ** 1.2,
        "season": 0.6 + 0.16 * math.cos(2 * math.pi * (back + 20) / 182),
        "overuse": 0.82,
        "silence": 0.0 if back < SILENT_DAYS else 0.55,
        "stalled": max(0.08, 0.3 - age * 0.006),
    }
    return float(ramp) * course[shape] if shape != "stalled" else course[shape]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where and by which chance a company's usage happens."""

    company: Company
    zone: ZoneInfo
    chance: Random


def messages(company: Company, last_day: date) -> Iterator[dict[str, Any]]:
    """Segment `track` messages of the company, day by day in its own zone."""
    chance = Random(f"usage of {company.key}")  # noqa: S311 # invented usage, not secrets
    staff = employees(company, last_day)
    place = _Place(company, ZoneInfo(company.time_zone), chance)
    for back in range(min(company.live, DAYS_OF_USAGE), -1, -1):
        day = last_day - timedelta(days=back)
        offered = _features(company, back)
        share = level(company.shape, back, company.live) * WEEKDAY[day.weekday()]
        for person in staff:
            if person.since <= day and chance.random() < share * person.keenness:
                yield from _working_day(place, person, day, offered)
        yield from _calls(place, staff[0], day, back)
        yield from _unknown(place, staff, day)


def _features(company: Company, back: int) -> tuple[list[str], list[float]]:
    names, weights = [], []
    for key, weight in company.features.items():
        since = weight[1] if isinstance(weight, tuple) else None
        if since is None or back <= since:
            names.append(EVENT_OF[key])
            weights.append(weight[0] if isinstance(weight, tuple) else weight)
    return names, weights


def _working_day(
    place: "_Place", person: Employee, day: date, offered: tuple[list[str], list[float]]
) -> Iterator[dict[str, Any]]:
    chance, zone = place.chance, place.zone
    hour = 9 if day.weekday() == TUESDAY and chance.random() < 0.4 else chance.choice(HOURS)  # noqa: PLR2004 # a share
    moment = datetime(day.year, day.month, day.day, hour, chance.randrange(60), tzinfo=zone)
    moment = moment.astimezone(UTC)
    channel = "mobile" if chance.random() < MOBILE_SHARE else "web"
    count = 1 + min(int(chance.expovariate(1 / (1.2 + 2.4 * person.keenness))), 11)
    for event in chance.choices(*offered, k=count):
        yield _message(place, person, event, moment, {"channel": channel})
        moment += timedelta(seconds=chance.randrange(40, 1500))


def _calls(place: "_Place", runner: Employee, day: date, back: int) -> Iterator[dict[str, Any]]:
    if place.company.integration is None or back > place.company.integration[1]:
        return
    chance, zone = place.chance, place.zone
    name, since, per_day = place.company.integration
    grown = min(1.0, 0.5 + (since - back) / 60)
    quiet = WEEKDAY[day.weekday()] * 0.8 + 0.2
    for _ in range(round(per_day * grown * quiet * chance.uniform(0.85, 1.15) / 4)):
        moment = datetime(day.year, day.month, day.day, chance.randrange(24), tzinfo=zone)
        moment = moment.astimezone(UTC) + timedelta(seconds=chance.randrange(3600))
        event = EVENT_OF["erp-connector"]
        properties = {"channel": "integration", "integration": name}
        yield _message(place, runner, event, moment, properties)


def _unknown(place: "_Place", staff: list[Employee], day: date) -> Iterator[dict[str, Any]]:
    """Events that the catalogue does not know: they wait for the administrator. Their chance is
    their own, so that they change nothing for the others.
    """
    if place.company.key not in UNKNOWN or day.weekday() >= SATURDAY:
        return
    chance = Random(f"unknown of {place.company.key} on {day}")  # noqa: S311 # invented usage, not secrets
    own = _Place(place.company, place.zone, chance)
    for person in chance.sample(staff, 2):
        if person.since > day:
            continue
        moment = datetime(day.year, day.month, day.day, 10, chance.randrange(60), tzinfo=place.zone)
        event, formats = chance.choice(UNKNOWN[place.company.key])
        properties = {"channel": "web", "format": chance.choice(formats)}
        yield _message(own, person, event, moment.astimezone(UTC), properties)


def _message(
    place: "_Place", person: Employee, event: str, moment: datetime, properties: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": f"demo-{place.chance.getrandbits(80):020x}",
        "userId": person.external_id,
        "event": event,
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": {"groupId": place.company.key},
        "properties": properties,
    }
