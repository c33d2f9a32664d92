from hypothesis import given
from hypothesis import strategies as st

from portal.domain.quotas import Bucket, Quota, draw, full

HUNDRED = Quota(events=100)


def test_a_full_bucket_holds_a_minute_s_worth() -> None:
    bucket, wait = draw(HUNDRED, full(HUNDRED, 0.0), 100, 0.0)
    assert (bucket.events, wait) == (0.0, 0.0)
    same, wait = draw(HUNDRED, bucket, 10, 0.0)
    assert (same.events, wait) == (0.0, 6.0)
    assert draw(HUNDRED, same, 10, 6.0)[1] == 0.0


def test_what_is_larger_than_a_minute_s_worth_comes_when_the_bucket_is_full() -> None:
    bucket, wait = draw(HUNDRED, full(HUNDRED, 0.0), 250, 0.0)
    assert (bucket.events, wait) == (-150.0, 0.0)
    assert draw(HUNDRED, bucket, 1, 60.0)[1] > 30.0


def test_requests_are_counted_too() -> None:
    quota = Quota(requests=2)
    bucket = full(quota, 0.0)
    for wait in (0.0, 0.0, 30.0):
        bucket, found = draw(quota, bucket, 1_000_000, 0.0)
        assert found == wait


def test_a_clock_that_goes_back_fills_nothing() -> None:
    bucket = Bucket(0.0, 0.0, 100.0)
    left, wait = draw(HUNDRED, bucket, 1, 40.0)
    assert left.at == 100.0
    assert wait > 0


@given(
    st.integers(1, 50),
    st.lists(st.tuples(st.integers(1, 80), st.floats(0, 30)), max_size=40),
)
def test_over_any_time_no_more_than_quota_and_burst(
    limit: int, requests: list[tuple[int, float]]
) -> None:
    quota = Quota(events=limit)
    bucket, now, taken, largest = full(quota, 0.0), 0.0, 0, 0
    for events, pause in requests:
        now += pause
        bucket, wait = draw(quota, bucket, events, now)
        if not wait:
            taken, largest = taken + events, max(largest, events)
    assert taken <= limit + now * limit / 60 + largest + 1e-6
