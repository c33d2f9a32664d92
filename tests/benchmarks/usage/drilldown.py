"""What `exactness` compares beside the true answers that come with the data: weekly cohorts, the
lifecycle of persons, time online by day and person, and the figures of teams, depth included.

The other side is counted from the bare events in plain Python, and knows nothing of the engine.
"""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.services.adoption import (
    TeamFigures,
    cohort_retention,
    people_use,
    person_moves,
    show_teams,
    time_online,
)

TEAMS, WEEKS, WINDOW = 5, 12, 30
LONGEST_GAP = 30
Pair = tuple[str, Any, Any]


def team_of(person: str) -> str:
    """The data names no teams: persons are dealt out."""
    return f"Team {crc32(person.encode()) % TEAMS}"


def with_teams(people: bytes) -> bytes:
    rows = list(csv.DictReader(io.StringIO(people.decode())))
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "team": team_of(row["external_id"])} for row in rows)
    return made.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Event:
    person: str
    name: str
    minute: int
    day: date


@dataclass(frozen=True, slots=True)
class Known:
    """Of an account: each message once, who is set up from when, and (feature, event name, core,
    weekly target) of what it is entitled to.
    """

    zone: ZoneInfo
    events: list[Event]
    people: dict[str, tuple[date, date | None]]
    features: list[tuple[str, str, bool, float]]

    def provisioned(self, day: date) -> set[str]:
        return {
            person
            for person, (start, until) in self.people.items()
            if start <= day and (until is None or day < until)
        }


def read_known(folder: Path) -> dict[str, Known]:
    features = {row["key"]: row for row in _rows(folder, "features")}
    entitled: dict[str, list[tuple[str, str, bool, float]]] = defaultdict(list)
    people: dict[str, dict[str, tuple[date, date | None]]] = defaultdict(dict)
    for row in _rows(folder, "entitlements"):
        one = features[row["feature"]]
        target = float(one["depth_target_per_week"])
        entitled[row["account"]].append((one["key"], one["event"], one["core"] == "yes", target))
    for row in _rows(folder, "people"):
        until = row["active_until"]
        dates = date.fromisoformat(row["active_from"]), date.fromisoformat(until) if until else None
        people[row["account"]][row["external_id"]] = dates
    messages: dict[str, dict[str, Any]] = {}
    with gzip.open(folder / "events.jsonl.gz") as source:
        for line in source:
            one_message = json.loads(line)
            messages.setdefault(one_message["messageId"], one_message)
    events = defaultdict(list)
    zones = {row["key"]: ZoneInfo(row["time_zone"]) for row in _rows(folder, "accounts")}
    for message in messages.values():
        account = message["context"]["groupId"]
        events[account].append(_event(message, zones[account]))
    return {
        key: Known(zone, events[key], people[key], entitled[key]) for key, zone in zones.items()
    }


def _rows(folder: Path, noun: str) -> list[dict[str, str]]:
    with (folder / f"{noun}.csv").open(newline="") as source:
        return list(csv.DictReader(source))


def _event(message: dict[str, Any], zone: ZoneInfo) -> Event:
    at = datetime.fromisoformat(message["timestamp"])
    return Event(
        message["userId"], message["event"], int(at.timestamp()) // 60, at.astimezone(zone).date()
    )


def compare_drilldown(session: Session, account: str, known: Known, day: date) -> Iterator[Pair]:
    """(what, true, shown) of every figure."""
    weeks = _active_weeks(known)
    last = day - timedelta(days=(day.weekday() + 1) % 7 + 6)
    mondays = [last - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    yield from _cohorts(session, account, day, weeks, mondays)
    yield from _moves(session, account, day, weeks, mondays)
    minutes = _minutes(known, day)
    yield from _online(session, account, day, known, minutes)
    yield from _people(session, account, day, minutes)
    for team in show_teams(session, account, day, WINDOW).teams:
        yield from _team(team, known, day, minutes)


def _active_weeks(known: Known) -> dict[str, set[date]]:
    found = defaultdict(set)
    for event in known.events:
        found[event.person].add(event.day - timedelta(days=event.day.weekday()))
    return found


def _cohorts(
    session: Session, account: str, day: date, weeks: dict[str, set[date]], mondays: list[date]
) -> Iterator[Pair]:
    shown = cohort_retention(session, account, day, WEEKS).cohorts
    yield "weeks of cohorts", mondays, [one.monday for one in shown]
    for place, (monday, cohort) in enumerate(zip(mondays, shown, strict=True)):
        own = [active for active in weeks.values() if min(active) == monday]
        later = [sum(week in active for active in own) for week in mondays[place:]]
        yield f"cohort {monday}", (len(own), later), (cohort.persons, cohort.active)


def _moves(
    session: Session, account: str, day: date, weeks: dict[str, set[date]], mondays: list[date]
) -> Iterator[Pair]:
    for monday, shown in zip(
        mondays, person_moves(session, account, day, WEEKS).weeks, strict=True
    ):
        counts: Counter[str] = Counter()
        for active in weeks.values():
            counts[_state(active, monday)] += 1
        names = ("new", "returning", "resurrecting", "dormant")
        yield (
            f"moves {monday}",
            (monday, *(counts[name] for name in names)),
            (shown.monday, *(getattr(shown, name) for name in names)),
        )


def _state(active: set[date], monday: date) -> str:
    before = monday - timedelta(weeks=1)
    if monday not in active:
        return "dormant" if before in active else ""
    if min(active) == monday:
        return "new"
    return "returning" if before in active else "resurrecting"


def _minutes(known: Known, day: date) -> Counter[tuple[date, str]]:
    """Time online by day and person, in minutes."""
    marks = defaultdict(set)
    for event in known.events:
        if abs((event.day - day).days) <= WINDOW + 1:
            marks[event.person].add(event.minute)
    found: Counter[tuple[date, str]] = Counter()
    for person, own in marks.items():
        for one, other in pairwise(sorted(own)):
            local = datetime.fromtimestamp(one * 60, known.zone).date()
            if other - one <= LONGEST_GAP and day - timedelta(days=WINDOW) < local <= day:
                found[local, person] += other - one
    return found


def _online(
    session: Session, account: str, day: date, known: Known, minutes: Counter[tuple[date, str]]
) -> Iterator[Pair]:
    shown = time_online(session, account, day, WINDOW)
    yield "time online", 60 * minutes.total(), shown.seconds
    persons = defaultdict(set)
    for event in known.events:
        persons[event.day].add(event.person)
    for one in shown.days:
        seconds = 60 * sum(minutes[one.day, person] for person in persons[one.day])
        yield f"time online {one.day}", (len(persons[one.day]), seconds), (one.persons, one.seconds)


def _people(
    session: Session, account: str, day: date, minutes: Counter[tuple[date, str]]
) -> Iterator[Pair]:
    each: Counter[str] = Counter()
    for (_day, person), number in minutes.items():
        each[person] += 60 * number
    for row in people_use(session, account, day, WINDOW, page_size=100_000).rows:
        yield f"time online of {row.external_id}", each[row.external_id], row.time_online_seconds


def _team(
    shown: TeamFigures, known: Known, day: date, minutes: Counter[tuple[date, str]]
) -> Iterator[Pair]:
    team = {one for one in known.provisioned(day) if team_of(one) == shown.group.name}
    own = [event for event in known.events if event.person in team and event.day <= day]
    yield f"{shown.group.name} persons", len(team), shown.persons
    yield f"{shown.group.name} activated", len({event.person for event in own}), shown.activated
    for days, number in ((1, shown.dau), (7, shown.wau[-1]), (30, shown.mau[-1])):
        active = {event.person for event in own if (day - event.day).days < days}
        yield f"{shown.group.name} active in {days} days", len(active), number
    seconds = 60 * sum(number for (_day, person), number in minutes.items() if person in team)
    yield f"{shown.group.name} time online", seconds, shown.time_online_seconds
    features = {one.key: one for one in shown.features}
    yield "features", {key for key, *_rest in known.features}, set(features)
    depths = []
    for key, name, core, target in known.features:
        users = [
            event.person for event in own if event.name == name and (day - event.day).days < WINDOW
        ]
        rate = len(users) / len({*users}) / (WINDOW / 7) / target if users else 0.0
        depths += [min(rate, 1.0)] if core else []
        one = features[key]
        yield f"{shown.group.name} {key}", (len({*users}), len(users)), (one.persons, one.uses)
        yield f"{shown.group.name} {key} depth", min(rate, 1.0), one.depth
    if depths:
        yield f"{shown.group.name} depth", sum(depths) / len(depths), shown.depth
