from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.registry import known_kinds
from portal.jobs.schedule import EPOCH, TIMETABLE, Entry

MOMENTS = st.integers(0, 4_000_000_000).map(lambda number: EPOCH + timedelta(seconds=number))
NIGHTLY = Entry("nightly", "x", every=timedelta(days=1), offset=timedelta(hours=2))


@given(MOMENTS)
def test_a_slot_begins_at_or_before_now_and_lasts_its_length(now: datetime) -> None:
    for entry in (*TIMETABLE, NIGHTLY):
        slot = entry.slot(now)
        assert slot <= now < slot + entry.every
        assert entry.slot(slot) == slot


def test_a_nightly_slot_begins_at_its_hour() -> None:
    assert NIGHTLY.slot(datetime(2026, 3, 2, 1, 59, tzinfo=UTC)) == datetime(
        2026, 3, 1, 2, tzinfo=UTC
    )
    assert NIGHTLY.slot(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)) == datetime(
        2026, 3, 2, 2, tzinfo=UTC
    )


def test_the_timetable_names_known_jobs_and_each_entry_once() -> None:
    assert {entry.job for entry in TIMETABLE} <= set(known_kinds())
    assert len({entry.name for entry in TIMETABLE}) == len(TIMETABLE)
