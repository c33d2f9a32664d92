"""Figures of domain.account_metrics as people say and type them."""

from decimal import Decimal

from portal.domain.account_metrics import Unit, metric_of
from portal.web.formats import hours, num, pct

_HUNDRED, _HOUR = 100.0, 3600.0
# From here on a sum is said without decimals, and with one.
_WHOLE, _TENTHS = 100, 10


def said(metric: str, value: float | None, digits: int = 0) -> str:
    """82 %, 214, 712 h, 1,204.5; a dash where nothing is known."""
    unit = metric_of(metric).unit
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return pct(value, digits)
    if unit is Unit.AMOUNT:
        return amount(value)
    return hours(value) if unit is Unit.SECONDS else num(value)


def amount(value: Decimal | float | None) -> str:
    """3,709, 60.5, 2.25: no more decimals than somebody reads. Tables and files say all of them."""
    return num(value, 0 if value is None else digits_of(value))


def digits_of(value: Decimal | float) -> int:
    size = abs(float(value))
    return 0 if size >= _WHOLE else 1 if size >= _TENTHS else 2


def scaled(metric: str, value: float) -> float:
    """In per cent, persons or hours: what an axis shows and a field takes."""
    return value * _scale(metric)


def unscaled(metric: str, value: float) -> float:
    return value / _scale(metric)


def _scale(metric: str) -> float:
    unit = metric_of(metric).unit
    if unit is Unit.SHARE:
        return _HUNDRED
    return 1 / _HOUR if unit is Unit.SECONDS else 1.0


def axis(metric: str, value: float) -> str:
    """A number of the axis, with its unit."""
    return said(metric, unscaled(metric, value))
