"""The panel of business volume: a small chart for each series that the vendor pushes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.services.volumes import Series, series_of_account
from portal.web.adoption.definitions import define
from portal.web.adoption.drawings import COLUMN, SHORT_WINDOW, WEEK, wording
from portal.web.adoption.quantities import amount
from portal.web.adoption.sentences import relative
from portal.web.adoption.span import Span
from portal.web.formats import day, day_year, num, signed
from portal.web.locale import request_locale
from portal.web.prose import joined
from reports.charts import Chart, bar
from reports.charts import Series as Row

DIGITS = 2
Sums = list[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class VolumePanel:
    """One series; `total` is already formatted."""

    key: str
    name: str
    unit: str
    total: str
    trend: str
    words: str
    basis: str
    definition: dict[str, Any]
    chart: Chart


def volume_panels(session: Session, account: int, span: Span) -> list[VolumePanel]:
    found = series_of_account(session, account, span.first, span.last)
    return [_panel(series, span) for series in found]


def _panel(series: Series, span: Span) -> VolumePanel:
    name = series.name(request_locale())
    trend = relative(series.change)[0]
    total, before = amount(series.total), amount(series.total_before)
    formula = _("%(now)s, before: %(before)s", now=total, before=before)
    return VolumePanel(
        key=series.key,
        name=name,
        unit=series.unit,
        total=total,
        trend=trend,
        words=span.before_words() if trend else span.words(),
        basis=_basis(series),
        definition={
            **define("volume", formula if trend else ""),
            "id": f"define-volume-{series.key}",
        },
        chart=_chart(series, name, total),
    )


def _basis(series: Series) -> str:
    """The last day told of, and how many of the days shown the figures are of."""
    days = len(series.days)
    covered = ngettext(
        "Since the first figure: %(days)s of %(all)s day.",
        "Since the first figure: %(days)s of %(all)s days.",
        days,
        days=num(series.coverage_days),
        all=num(days),
    )
    told = ngettext(
        "%(count)s of them has figures.",
        "%(count)s of them have figures.",
        series.told_days,
        count=num(series.told_days),
    )
    newest = _("Last figure for %(day)s.", day=day_year(series.latest))
    return joined(newest, covered, told if series.coverage_days else "")


def _chart(series: Series, name: str, total: str) -> Chart:
    """By day in a short window, by week in a long one. A bar cannot show a sum below zero: its
    table does.
    """
    sums, period = _sums(series.days)
    title = _("%(name)s: %(total)s", name=name, total=f"{total} {series.unit}".strip())
    values = tuple(max(float(value), 0.0) for _day, value in sums)
    drawn = bar(
        f"volume-{series.key}",
        title,
        [first for first, _value in sums],
        Row(series.unit or name, values),
        replace(wording(period), number=_number),
        whole=all(value == int(value) for value in values),
        broad=COLUMN,
    )
    rows = tuple((day(first), _exact(value)) for first, value in sums)
    return replace(drawn, rows=rows)


def _number(value: float) -> str:
    return amount(value)


def _exact(value: Decimal) -> str:
    return num(value, DIGITS) if value >= 0 else signed(value, DIGITS)


def _sums(days: Sequence[tuple[date, Decimal]]) -> tuple[Sums, str]:
    if len(days) <= SHORT_WINDOW:
        return list(days), _("Day")
    start = len(days) % WEEK
    weeks = [days[at : at + WEEK] for at in range(start, len(days), WEEK)]
    return [(week[0][0], sum((value for _day, value in week), Decimal(0))) for week in weeks], _(
        "Week of"
    )
