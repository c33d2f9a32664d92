"""What a figure that may have a target is called, business volume among them."""

from collections.abc import Mapping

from portal.domain.account_metrics import volume_series_of
from portal.services.volumes import SeriesHead
from portal.web.adoption.definitions import define
from portal.web.locale import request_locale


def metric_name(metric: str, series: Mapping[str, SeriesHead] | None = None) -> str:
    """Of a series of business volume its own name, with its unit; its key where it has none."""
    key = volume_series_of(metric)
    if key is None:
        return define(metric)["name"]
    head = (series or {}).get(metric)
    if head is None:
        return key
    name = head.name(request_locale())
    return f"{name} ({head.unit})" if head.unit else name


def metric_definition(
    metric: str, series: Mapping[str, SeriesHead], scope: str = "define"
) -> dict[str, str]:
    if volume_series_of(metric) is None:
        return define(metric, scope=scope)
    known = define("volume_month", scope=scope)
    name = metric_name(metric, series)
    return {**known, "id": f"{scope}-{mark_of(metric)}", "name": name}


def mark_of(metric: str) -> str:
    """As a part of an element's id."""
    return metric.replace(":", "-")
