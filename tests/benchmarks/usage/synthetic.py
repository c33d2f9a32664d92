"""Accounts with a skewed made-up history, as rollups in a database and as raw events in columns.

Ten thousand accounts by Zipf's law, the first with a tenth of all events; people work in sessions
on weekdays. The rollups are worked out here, with nothing but NumPy, and not by the fold: old days
sealed, the last ones hot, as a portal of that age would hold them. Days are of UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
ACCOUNTS, NAMES, DAYS = 10_000, 30, 400
LAST = date(2026, 5, 31)
FIRST = LAST - timedelta(days=DAYS - 1)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MOST_PERSONS, LEAST_PERSONS = 2_000, 3
EVENTS_A_SESSION, SESSION_SECONDS = 12, 1_500
API_SHARE, INTEGRATIONS = 0.05, 3
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class History:
    """One account's events in the order of their times: `days` since FIRST, `seconds` of the day;
    `integrations` is −1 for an event that no integration sent.
    """

    account: int
    persons: int
    days: Numbers
    seconds: Numbers
    who: Numbers
    names: Numbers
    integrations: Numbers

    @property
    def size(self) -> int:
        return self.days.size


def sizes(events: int) -> Numbers:
    """Events of each account; together `events`, about."""
    share = 1 / np.arange(1, ACCOUNTS + 1)
    counts: Numbers = np.maximum((share / share.sum() * events).astype(np.int64), 1)
    return counts


def persons_of(rank: int) -> int:
    """The same people send more or fewer events as the history is larger or smaller."""
    return max(int(MOST_PERSONS / rank**0.7), LEAST_PERSONS)


def histories(events: int, accounts: int = ACCOUNTS, seed: int = 7) -> Iterator[History]:
    """Accounts 1, 2, … from the largest to the smallest, or the first `accounts` of them."""
    for rank, size in enumerate(sizes(events)[:accounts].tolist(), 1):
        yield history(rank, size, np.random.default_rng([seed, rank]))


def history(rank: int, size: int, source: np.random.Generator) -> History:
    persons = persons_of(rank)
    sessions = max(size // EVENTS_A_SESSION, 1)
    weekdays = (np.arange(DAYS) + FIRST.weekday()) % 7
    weights = np.where(weekdays < 5, 1.0, 0.08)
    day = source.choice(DAYS, sessions, p=weights / weights.sum())
    who = (persons * source.random(sessions) ** 1.6).astype(np.int64)
    start = (source.normal(12.5, 2.6, sessions).clip(1, 23.5) * 3600).astype(np.int64)
    chosen = source.integers(0, sessions, size)
    seconds = start[chosen] + source.integers(0, SESSION_SECONDS, size)
    order = np.argsort(day[chosen] * DAY_SECONDS + seconds, kind="stable")
    chosen, seconds = chosen[order], seconds[order]
    names = (NAMES * source.random(size) ** 2).astype(np.int64)
    called = source.random(size) < API_SHARE
    integration = np.where(called, source.integers(0, INTEGRATIONS, size), -1)
    return History(rank, persons, day[chosen], seconds, who[chosen], names, integration)
