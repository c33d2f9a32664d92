"""Figures of domain.account_metrics as people say and type them."""

from portal.domain.account_metrics import METRICS, Unit
from portal.web.formats import hours, num, pct

_HUNDRED, _HOUR = 100.0, 3600.0


def said(metric: str, value: float | None, digits: int = 0) -> str:
    """82 %, 214, 712 h; a dash where nothing is known."""
    unit = METRICS[metric].unit
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return pct(value, digits)
    return hours(value) if unit is Unit.SECONDS else num(value)


def scaled(metric: str, value: float) -> float:
    """In per cent, persons or hours: what an axis shows and a field takes."""
    return value * _scale(metric)


def unscaled(metric: str, value: float) -> float:
    return value / _scale(metric)


def _scale(metric: str) -> float:
    unit = METRICS[metric].unit
    if unit is Unit.SHARE:
        return _HUNDRED
    return 1 / _HOUR if unit is Unit.SECONDS else 1.0


def axis(metric: str, value: float) -> str:
    """A number of the axis, with its unit."""
    return said(metric, unscaled(metric, value))
