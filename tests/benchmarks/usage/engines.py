"""The same questions put to engines over the raw events, as columns sorted by account and time.

Each is a package of its own (`pip install 'paceline[bench]'`) and left out where it is missing.
Queries are written the way that engine likes best; what is asked is what the portal answers.
"""
# ruff: noqa: S608 # the dates and numbers in the queries are the benchmark's own

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tests.benchmarks.usage.synthetic import DAY_SECONDS, FIRST, LAST, History, Numbers

AT_ONCE = 4_000_000
WEEKS = 12
START = int(np.datetime64(FIRST).astype("datetime64[s]").astype(np.int64))


@dataclass(frozen=True)
class PageAnswer:
    """`days`: per day of the window dau, wau, mau, events, integration calls, minutes online.
    `uses`, `uses_before`: name → events and persons. `active`: those on the list who came in the
    window, `activated`: or ever before its end. `heat`: weekday and hour → persons of all days.
    """

    days: list[tuple[int, ...]]
    uses: dict[int, tuple[int, int]]
    uses_before: dict[int, tuple[int, int]]
    active: int
    activated: int
    heat: dict[tuple[int, int], int]
    integrations: dict[str, int]


PortfolioAnswer = dict[int, tuple[int, ...]]
"""Account → MAU, of these on the list, MAU of thirty days before, and twelve weeks."""


class Engine(Protocol):
    name: str

    def page(self, account: int, days: int) -> PageAnswer: ...

    def portfolio(self) -> PortfolioAnswer: ...

    def close(self) -> None: ...


def columns_of(found: History) -> dict[str, Any]:
    stamps: Numbers = START + found.days * DAY_SECONDS + found.seconds
    return {
        "account": np.full(found.size, found.account, np.int32),
        "moment": (stamps * 1_000_000).view("datetime64[us]"),
        "person": found.who.astype(np.int32),
        "name": found.names.astype(np.int16),
        "integration": found.integrations.astype(np.int8),
    }


class Duck:
    """DuckDB with the events in a file of its own."""

    name = "DuckDB"

    def __init__(self, folder: Path) -> None:
        self._connection: Any = import_module("duckdb").connect(str(folder / "events.duckdb"))
        self._folder = folder
        self._waiting: list[dict[str, Any]] = []
        self._size = 0

    def create(self) -> None:
        self._ask(
            "CREATE TABLE event (account INTEGER, moment TIMESTAMP, person INTEGER, "
            "name SMALLINT, integration TINYINT)"
        )

    def add(self, found: History) -> None:
        self._waiting.append(columns_of(found))
        self._size += found.size
        if self._size >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        chunk = {
            name: np.concatenate([one[name] for one in self._waiting]) for name in self._waiting[0]
        }
        self._connection.register("chunk", chunk)
        self._ask("INSERT INTO event SELECT * FROM chunk")
        self._connection.unregister("chunk")
        self._waiting, self._size = [], 0

    def export(self) -> Path:
        path = self._folder / "events.parquet"
        self._ask(f"COPY event TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 1000000)")
        return path

    def page(self, account: int, days: int) -> PageAnswer:
        of = f"account = {account}"
        first, before = LAST - timedelta(days=days - 1), LAST - timedelta(days=2 * days - 1)
        window = f"{of} AND moment >= '{first}' AND moment < '{LAST + timedelta(days=1)}'"
        earlier = f"{of} AND moment >= '{before}' AND moment < '{first}'"
        month = f"{of} AND moment >= '{first - timedelta(days=29)}'"
        rolling = self._ask(
            "SELECT day + back, count(DISTINCT person) FILTER (WHERE back = 0), "
            "count(DISTINCT person) FILTER (WHERE back < 7), count(DISTINCT person) FROM "
            "(SELECT DISTINCT moment::DATE AS day, person, 0 AS nothing FROM event "
            f"WHERE {month}) CROSS JOIN (SELECT unnest(range(30))::INTEGER AS back) GROUP BY 1"
        )
        counts = self._ask(
            "SELECT moment::DATE, count(*), count(*) FILTER (WHERE integration >= 0) "
            f"FROM event WHERE {window} GROUP BY 1"
        )
        online = self._ask(
            "SELECT minute::DATE, sum(date_diff('minute', minute, later)) FROM "
            "(SELECT minute, lead(minute) OVER (PARTITION BY person ORDER BY minute) AS later FROM "
            "(SELECT DISTINCT person, date_trunc('minute', moment) AS minute FROM event "
            f"WHERE {of} AND moment >= '{first}')) "
            "WHERE date_diff('minute', minute, later) <= 30 GROUP BY 1"
        )
        uses = "SELECT name, count(*), count(DISTINCT person) FROM event WHERE"
        active = (
            "SELECT count(DISTINCT person) FILTER (WHERE moment >= "
            f"'{first}'), count(DISTINCT person) FROM event WHERE {of} AND person % 10 <> 0"
        )
        heat = (
            "SELECT isodow(day) - 1, hour, count(*) FROM (SELECT DISTINCT moment::DATE AS day, "
            f"hour(moment) AS hour, person FROM event WHERE {window}) GROUP BY 1, 2"
        )
        called = "SELECT integration, count(*) FROM event WHERE integration >= 0 AND"
        return _page(
            (first, days),
            rolling=_by_day(rolling),
            counts=_by_day(counts),
            online=_by_day(online),
            uses=[self._ask(f"{uses} {one} GROUP BY 1") for one in (window, earlier)],
            active=self._ask(active)[0],
            heat=self._ask(heat),
            called=self._ask(f"{called} {window} GROUP BY 1"),
        )

    def portfolio(self) -> PortfolioAnswer:
        weeks = ", ".join(
            f"count(DISTINCT person) FILTER (WHERE moment >= '{start}' AND moment < '{end}')"
            for start, end in week_bounds()
        )
        month, before = LAST - timedelta(days=29), LAST - timedelta(days=59)
        rows = self._ask(
            f"SELECT account, count(DISTINCT person) FILTER (WHERE moment >= '{month}'), "
            f"count(DISTINCT person) FILTER (WHERE moment >= '{month}' AND person % 10 <> 0), "
            f"count(DISTINCT person) FILTER (WHERE moment >= '{before}' AND moment < '{month}'), "
            f"{weeks} FROM event WHERE moment >= '{week_bounds()[0][0]}' GROUP BY 1"
        )
        return {account: tuple(facts) for account, *facts in rows}

    def close(self) -> None:
        self._connection.close()

    def _ask(self, query: str) -> list[Any]:
        rows: list[Any] = self._connection.execute(query).fetchall()
        return rows


class Click:
    """chDB: ClickHouse in this process, a MergeTree sorted by account and time."""

    name = "chDB"

    def __init__(self, folder: Path) -> None:
        self._session: Any = import_module("chdb.session").Session(str(folder / "chdb"))

    def load(self, events: Path) -> None:
        self._session.query("CREATE DATABASE IF NOT EXISTS bench")
        self._session.query(
            "CREATE TABLE bench.event (account Int32, moment DateTime64(6, 'UTC'), person Int32, "
            "name Int16, integration Int8) ENGINE = MergeTree ORDER BY (account, moment)"
        )
        self._session.query(f"INSERT INTO bench.event SELECT * FROM file('{events}', Parquet)")
        self._session.query("OPTIMIZE TABLE bench.event FINAL")
        events.unlink()

    def page(self, account: int, days: int) -> PageAnswer:
        of = f"account = {account}"
        first, before = LAST - timedelta(days=days - 1), LAST - timedelta(days=2 * days - 1)
        window = f"{of} AND {_from(first)} AND {_until(LAST + timedelta(days=1))}"
        earlier = f"{of} AND {_from(before)} AND {_until(first)}"
        rolling = self._ask(
            "SELECT toString(day + back), uniqExactIf(person, back = 0), "
            "uniqExactIf(person, back < 7), uniqExact(person) FROM (SELECT DISTINCT "
            f"toDate(moment) AS day, person FROM bench.event WHERE {of} AND "
            f"{_from(first - timedelta(days=29))}) ARRAY JOIN range(30) AS back GROUP BY 1"
        )
        counts = self._ask(
            "SELECT toString(toDate(moment)), count(), countIf(integration >= 0) "
            f"FROM bench.event WHERE {window} GROUP BY 1"
        )
        online = self._ask(
            "SELECT toString(toDate(minute)), sum(gap) FROM (SELECT minute, "
            "dateDiff('minute', minute, leadInFrame(minute) OVER (PARTITION BY person ORDER BY "
            "minute ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) AS gap FROM "
            "(SELECT DISTINCT person, toStartOfMinute(moment) AS minute FROM bench.event "
            f"WHERE {of} AND {_from(first)})) WHERE gap BETWEEN 1 AND 30 GROUP BY 1"
        )
        uses = "SELECT name, count(), uniqExact(person) FROM bench.event WHERE"
        active = self._ask(
            f"SELECT uniqExactIf(person, {_from(first)}), uniqExact(person) FROM bench.event "
            f"WHERE {of} AND person % 10 <> 0"
        )
        heat = self._ask(
            "SELECT toDayOfWeek(day) - 1, hour, count() FROM (SELECT DISTINCT toDate(moment) AS "
            f"day, toHour(moment) AS hour, person FROM bench.event WHERE {window}) GROUP BY 1, 2"
        )
        called = "SELECT integration, count() FROM bench.event WHERE integration >= 0 AND"
        return _page(
            (first, days),
            rolling=_by_day(rolling),
            counts=_by_day(counts),
            online=_by_day(online),
            uses=[self._ask(f"{uses} {one} GROUP BY 1") for one in (window, earlier)],
            active=active[0],
            heat=heat,
            called=self._ask(f"{called} {window} GROUP BY 1"),
        )

    def portfolio(self) -> PortfolioAnswer:
        weeks = ", ".join(
            f"uniqExactIf(person, {_from(start)} AND {_until(end)})" for start, end in week_bounds()
        )
        month, before = LAST - timedelta(days=29), LAST - timedelta(days=59)
        rows = self._ask(
            f"SELECT account, uniqExactIf(person, {_from(month)}), "
            f"uniqExactIf(person, {_from(month)} AND person % 10 <> 0), "
            f"uniqExactIf(person, {_from(before)} AND {_until(month)}), {weeks} "
            f"FROM bench.event WHERE {_from(week_bounds()[0][0])} GROUP BY 1"
        )
        return {int(account): tuple(map(int, facts)) for account, *facts in rows}

    def close(self) -> None:
        self._session.close()

    def _ask(self, query: str) -> list[Any]:
        found = self._session.query(query, "JSONCompactEachRow").bytes() or b""
        return [json.loads(line) for line in found.splitlines()]


def week_bounds() -> list[tuple[date, date]]:
    """Of the last twelve weeks, the latest last; the ends do not belong to them."""
    ends = [LAST + timedelta(days=1 - 7 * back) for back in reversed(range(WEEKS))]
    return [(end - timedelta(days=7), end) for end in ends]


def _from(day: date) -> str:
    return f"moment >= toDateTime64('{day} 00:00:00', 6, 'UTC')"


def _until(day: date) -> str:
    return f"moment < toDateTime64('{day} 00:00:00', 6, 'UTC')"


def _by_day(rows: Iterable[Any]) -> dict[date, tuple[int, ...]]:
    found: dict[date, tuple[int, ...]] = {}
    for moment, *counts in rows:
        text = moment if isinstance(moment, str) else moment.isoformat()
        found[date.fromisoformat(text[:10])] = tuple(map(int, counts))
    return found


def _page(
    window: tuple[date, int],
    *,
    rolling: dict[date, tuple[int, ...]],
    counts: dict[date, tuple[int, ...]],
    online: dict[date, tuple[int, ...]],
    uses: Iterable[Iterable[Any]],
    active: Any,
    heat: Iterable[Any],
    called: Iterable[Any],
) -> PageAnswer:
    run = [window[0] + timedelta(days=index) for index in range(window[1])]
    now, before = (
        {int(name): (int(events), int(persons)) for name, events, persons in rows} for rows in uses
    )
    return PageAnswer(
        days=[
            (*rolling.get(day, (0, 0, 0)), *counts.get(day, (0, 0)), *online.get(day, (0,)))
            for day in run
        ],
        uses=now,
        uses_before=before,
        active=int(active[0]),
        activated=int(active[1]),
        heat={(int(weekday), int(hour)): int(count) for weekday, hour, count in heat},
        integrations={f"integration-{int(one)}": int(count) for one, count in called},
    )
