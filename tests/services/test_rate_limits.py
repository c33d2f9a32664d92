from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import TooMany
from portal.models import RateBucket
from portal.services.rate_limits import LIMITS, give_back, take
from tests.moments import NOON, after, at

PURPOSE = "reset-account"
CAPACITY = LIMITS[PURPOSE].capacity
ONE_TOKEN = LIMITS[PURPOSE].refill_seconds / CAPACITY


def drain(database: Database, subject: str = "ingrid@oskelund.example") -> None:
    for _ in range(CAPACITY):
        take(database, PURPOSE, subject, NOON)


def test_a_full_bucket_gives_its_capacity_and_then_says_when_to_come_back(
    database: Database,
) -> None:
    drain(database)
    with pytest.raises(TooMany) as refused:
        take(database, PURPOSE, "ingrid@oskelund.example", NOON)
    assert refused.value.retry_after == ONE_TOKEN
    with pytest.raises(TooMany):
        take(database, PURPOSE, "ingrid@oskelund.example", after(ONE_TOKEN - 1))
    take(database, PURPOSE, "ingrid@oskelund.example", after(ONE_TOKEN))
    with pytest.raises(TooMany):
        take(database, PURPOSE, "ingrid@oskelund.example", after(ONE_TOKEN + 1))


def test_it_never_holds_more_than_its_capacity(database: Database) -> None:
    drain(database)
    much_later = after(LIMITS[PURPOSE].refill_seconds * 50)
    for _ in range(CAPACITY):
        take(database, PURPOSE, "ingrid@oskelund.example", much_later)
    with pytest.raises(TooMany):
        take(database, PURPOSE, "ingrid@oskelund.example", much_later)


def test_a_clock_that_went_back_fills_nothing(database: Database) -> None:
    drain(database)
    for moment in (after(-86_400), NOON):
        with pytest.raises(TooMany):
            take(database, PURPOSE, "ingrid@oskelund.example", moment)


def test_subjects_and_purposes_have_buckets_of_their_own(database: Database) -> None:
    drain(database)
    take(database, PURPOSE, "aurel@quillon.example", NOON)
    take(database, "reset-address", "ingrid@oskelund.example", NOON)
    with pytest.raises(TooMany):
        take(database, PURPOSE, "INGRID@Oskelund.example", NOON)


def test_the_table_names_nobody(database: Database) -> None:
    take(database, PURPOSE, "ingrid@oskelund.example", NOON)
    with at(database) as session:
        assert "ingrid" not in str(session.scalar(select(RateBucket.name)))


def test_what_is_given_back_can_be_taken_again_but_not_more(database: Database) -> None:
    drain(database)
    give_back(database, PURPOSE, "ingrid@oskelund.example", NOON)
    take(database, PURPOSE, "ingrid@oskelund.example", NOON)
    for _ in range(CAPACITY * 2):
        give_back(database, PURPOSE, "ingrid@oskelund.example", NOON)
    drain(database)
    with pytest.raises(TooMany):
        take(database, PURPOSE, "ingrid@oskelund.example", NOON)


def test_many_at_once_get_exactly_the_capacity(database: Database) -> None:
    def try_once(_: int) -> bool:
        try:
            take(database, PURPOSE, "ingrid@oskelund.example", NOON)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(40))) == CAPACITY


def test_a_dear_call_costs_more(database: Database) -> None:
    take(database, PURPOSE, "a", NOON, cost=CAPACITY - 1)
    with pytest.raises(TooMany) as refused:
        take(database, PURPOSE, "a", NOON, cost=2)
    assert refused.value.retry_after == ONE_TOKEN
