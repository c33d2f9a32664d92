"""Figures of domain.account_metrics as people say and type them."""

from portal.domain.account_metrics import Unit, metric_of
from portal.web.formats import hours, num, pct

_HUNDRED, _HOUR = 100.0, 3600.0
AMOUNT_DIGITS = 2


def said(metric: str, value: float | None, digits: int = 0) -> str:
    """82 %, 214, 712 h, 1,204.5; a dash where nothing is known."""
    unit = metric_of(metric).unit
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return pct(value, digits)
    if unit is Unit.AMOUNT:
        return num(value, AMOUNT_DIGITS)
    return hours(value) if unit is Unit.SECONDS else num(value)


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
