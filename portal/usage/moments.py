"""Time stamps as clients send them. Moments are whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * SECOND
# A clock may be ahead of ours by this much.
AHEAD = 48 * 3600 * SECOND
# A difference below this is the network's and the queue's, not the clock's.
LEAST_CORRECTION = 120 * SECOND
# Numbers from here on are milliseconds, smaller ones seconds (1e11 s is in the year 5138).
FIRST_MILLISECONDS = 1e11
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadMoment(ValueError):
    """The message says what is wrong with a time stamp; `reason` is the stable word for it."""

    reason = "bad-time"


class AncientMoment(BadMoment):
    reason = "ancient"


class FutureMoment(BadMoment):
    reason = "future"


def microseconds(moment: datetime) -> int:
    """Exact; a moment without a zone is taken as UTC."""
    since = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment) - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def moment_of(stamp: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stamp)


def read_moment(value: Any) -> int | None:
    """ISO 8601 text, or a number of seconds or milliseconds since 1970; None where it is absent.

    Raises BadMoment.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_number(value)
    raise BadMoment("a time stamp is ISO 8601 text such as 2026-01-31T08:00:00Z")


def _read_text(value: str) -> int:
    try:
        return microseconds(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        raise BadMoment(f"{value[:40]!r} is no ISO 8601 time stamp") from None


def _read_number(value: float) -> int:
    if value < 0:
        raise BadMoment("a time stamp cannot be negative")
    scale = 1000 if value >= FIRST_MILLISECONDS else SECOND
    # Anything beyond the year 9999 is refused with the rest of the future.
    return int(min(value, 1e15) * scale)


def corrected(stamp: int, sent_at: int | None, received_at: int) -> int:
    """The moment by our clock: a client whose clock is off says so by its `sentAt`."""
    if sent_at is None or abs(received_at - sent_at) < LEAST_CORRECTION:
        return stamp
    return stamp + received_at - sent_at


def check_moment(stamp: int, received_at: int) -> None:
    """Raises BadMoment for what cannot be: before 2000, or more than two days ahead."""
    if stamp < EARLIEST:
        raise AncientMoment("the time stamp is before the year 2000")
    if stamp > received_at + AHEAD:
        raise FutureMoment("the time stamp is more than two days in the future")
