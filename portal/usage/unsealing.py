"""Sealed days for a fold that touches them: a late event makes a hot row of its day again, with
all that was sealed in it; the next sealing puts it back.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from portal.models import UsageSealed
from portal.usage import blocks
from portal.usage.blocks import DayColumns, NameColumns, block_of
from portal.usage.bulk import read_rows_of
from portal.usage.days import Numbers
from portal.usage.repeats import Repeats, from_column
from portal.usage.rollups import Day, NameDay, Rollups

Key = tuple[int, int]
COLUMNS = ("account_id", "block", "days", "names", "slots")


def load_sealed(session: Session, rollups: Rollups, days: Iterable[Key]) -> None:
    """Adds what is sealed of these (account, day) and is not hot: hot rows were read before."""
    wanted: dict[Key, set[int]] = {}
    for account, day in rollups.unasked("sealed", days):
        wanted.setdefault((account, block_of(day)), set()).add(day)
    table = UsageSealed.__table__
    for row in read_rows_of(session, table, COLUMNS[:2], COLUMNS, sorted(wanted)):
        own = wanted[row.account_id, row.block]
        for day, part in day_parts(row.block, row.days, row.slots, own).items():
            rollups.days.setdefault((row.account_id, day), part)
        for (day, name), found in name_parts(row.block, row.days, row.names, own).items():
            rollups.name_days.setdefault((row.account_id, day, name), found)


def day_parts(
    block: int, packed: bytes, packed_slots: bytes, only: set[int] | None = None
) -> dict[int, Day]:
    """Ordinal → day, of all days of the block or of some."""
    days = blocks.unpack_days(block, packed)
    slots = blocks.unpack_slots(packed_slots, days)
    users, marks = _split(days.counts, days.users), _split(slots.counts, slots.slots)
    return {
        ordinal: Day(
            events=int(days.events[place]),
            calls=int(days.calls[place]),
            duration_ms=int(days.durations[place]),
            online_minutes=int(days.online[place]),
            users=users(place),
            slots=marks(place),
            integrations=dict(days.integrations.get(ordinal, {})),
        )
        for place, ordinal in enumerate(days.ordinals.tolist())
        if only is None or ordinal in only
    }


def name_parts(
    block: int, packed: bytes, packed_names: bytes, only: set[int] | None = None
) -> dict[Key, NameDay]:
    """(ordinal, name) → its use."""
    days: DayColumns = blocks.unpack_days(block, packed)
    names = blocks.unpack_names(packed_names, days)
    users, repeated = _split(names.counts, names.users), _repeats(names)
    keys = zip(names.ordinals.tolist(), names.names.tolist(), strict=True)
    return {
        key: NameDay(
            events=int(names.events[place]),
            duration_ms=int(names.durations[place]),
            users=users(place),
            repeats=repeated(place),
        )
        for place, key in enumerate(keys)
        if only is None or key[0] in only
    }


def _repeats(names: NameColumns) -> Callable[[int], Repeats]:
    ends = names.counts.cumsum()

    def at(place: int) -> Repeats:
        some = slice(int(ends[place] - names.counts[place]), int(ends[place]))
        return from_column(names.users[some], names.repeats[some])

    return at


def _split(counts: Numbers, values: Numbers) -> Any:
    """A function that makes the bitmap of one place."""
    ends = counts.cumsum()

    def at(place: int) -> Any:
        end = int(ends[place])
        size = int(counts[place])
        return blocks.bitmaps(counts[place : place + 1], values[end - size : end])[0]

    return at
