"""The figures of an account that can have a target or be set beside those of others. Each holds
over the 30 days that end on a day (DOMAIN §2); WAU and `login_ratio_7d` over the 7, DAU on it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """A share is 0.25 where people say 25 %."""

    SHARE = "share"
    COUNT = "count"
    SECONDS = "seconds"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Metric:
    """`highest`: no target lies above it. `compared`: says the same of a large account as of a
    small one, so it can be set beside others'.
    """

    key: str
    unit: Unit
    highest: float
    compared: bool = True


# Activation is against seats, so it may exceed 1.
METRICS = {
    metric.key: metric
    for metric in (
        Metric("activation_rate", Unit.SHARE, 10.0),
        Metric("login_ratio_30d", Unit.SHARE, 1.0),
        Metric("login_ratio_7d", Unit.SHARE, 1.0),
        Metric("mau", Unit.COUNT, 1e7, compared=False),
        Metric("wau", Unit.COUNT, 1e7, compared=False),
        Metric("dau", Unit.COUNT, 1e7, compared=False),
        Metric("stickiness", Unit.SHARE, 1.0),
        Metric("breadth", Unit.SHARE, 1.0),
        Metric("depth", Unit.SHARE, 1.0),
        Metric("time_online", Unit.SECONDS, 3.6e10, compared=False),
        Metric("time_online_each", Unit.SECONDS, 30 * 86_400.0),
        Metric("integration_calls", Unit.COUNT, 1e12, compared=False),
    )
}
COMPARED = tuple(metric.key for metric in METRICS.values() if metric.compared)
Values = dict[str, float | None]
_VOLUME = "volume:"


def volume_metric(series: str) -> str:
    """The key of a series of business volume as a figure: its sum over the 30 days."""
    return _VOLUME + series


def volume_series_of(metric: str) -> str | None:
    """The series that the figure is the sum of; None where it is one of METRICS."""
    return metric.removeprefix(_VOLUME) if metric.startswith(_VOLUME) else None


def metric_of(key: str) -> Metric:
    """One of METRICS, or a series of business volume. Raises KeyError."""
    if volume_series_of(key):
        return Metric(key, Unit.AMOUNT, 1e12, compared=False)
    return METRICS[key]
