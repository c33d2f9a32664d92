"""Quotas of write keys: two token buckets, one of events and one of requests."""

from dataclasses import dataclass, replace

MINUTE = 60.0
LARGEST = 100_000_000


@dataclass(frozen=True, slots=True)
class Quota:
    """At most this many a minute, and as many at once; None: no limit."""

    events: int | None = None
    requests: int | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left at a moment (seconds since 1970). Below zero is a debt."""

    events: float
    requests: float
    at: float


def full(quota: Quota, at: float) -> Bucket:
    return Bucket(float(quota.events or 0), float(quota.requests or 0), at)


def draw(quota: Quota, bucket: Bucket, events: int, at: float) -> tuple[Bucket, float]:
    """The bucket after a request of so many events, and the seconds to wait: 0 where it was taken.

    A request larger than a whole minute's quota is taken from a full bucket and leaves a debt, so
    that it can come at all. A clock that went back fills nothing. A quota that was lowered counts
    at once.
    """
    passed = max(at - bucket.at, 0.0)
    left = replace(
        bucket,
        events=_filled(bucket.events, quota.events, passed),
        requests=_filled(bucket.requests, quota.requests, passed),
        at=max(at, bucket.at),
    )
    wait = max(
        _seconds(left.events, quota.events, events), _seconds(left.requests, quota.requests, 1)
    )
    if wait:
        return left, wait
    return replace(left, events=left.events - events, requests=left.requests - 1), 0.0


def _filled(left: float, limit: int | None, passed: float) -> float:
    return 0.0 if limit is None else min(float(limit), left + passed * limit / MINUTE)


def _seconds(left: float, limit: int | None, wanted: int) -> float:
    if limit is None:
        return 0.0
    missing = min(wanted, limit) - left
    return 0.0 if missing <= 0 else missing * MINUTE / limit
