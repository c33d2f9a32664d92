"""The course of a score: its chart with the changes of the model, and its table."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from flask_babel import gettext as _

from portal.domain.health import Component
from portal.services.health import GlassBox
from portal.services.health.reading import Past
from portal.web.formats import day, day_short, day_year, num
from portal.web.prose import comma
from reports.charts import Chart, Pin, Series, Size, Wording, area

COLUMN = Size(1160, 300)
MOST_PINS = 6


def history_chart(found: GlassBox, numbers: Mapping[str, int]) -> tuple[Chart, list[str]]:
    changes = _model_changes(found.history)[-MOST_PINS:]
    pins = [Pin(one.day, place) for place, one in enumerate(changes, 1)]
    words = [
        _("%(day)s: model %(number)s", day=day_year(one.day), number=num(numbers.get(one.model)))
        for one in changes
    ]
    chart = area(
        "history",
        _history_title(found.history),
        [one.day for one in found.history],
        [Series(_("points"), tuple(_float(one.score) for one in found.history))],
        Wording(
            day=day_short,
            number=num,
            period=_("Day"),
            reading=_("{}: {}"),
            comma=comma(),
            empty=_("No score in this time."),
            few=_("A line needs a few days more."),
        ),
        pins=pins,
        broad=COLUMN,
    )
    return chart, words


def _float(score: int | None) -> float | None:
    return None if score is None else float(score)


def _model_changes(history: Sequence[Past]) -> list[Past]:
    """The first days of other models."""
    return [after for before, after in pairwise(history) if before.model != after.model]


def _history_title(history: Sequence[Past]) -> str:
    known = [one for one in history if one.score is not None]
    if not known:
        return _("No score in this time.")
    lowest, highest = min(one.score or 0 for one in known), max(one.score or 0 for one in known)
    return _(
        "%(now)s points on %(day)s; between %(low)s and %(high)s since %(first)s.",
        now=num(known[-1].score),
        day=day(known[-1].day),
        low=num(lowest),
        high=num(highest),
        first=day_year(known[0].day),
    )


def history_rows(
    found: GlassBox | None, numbers: Mapping[str, int]
) -> tuple[list[str], list[list[object]]]:
    """Day by day: score, band, model, and each component's value to one decimal."""
    columns = ["day", "score", "band", "model", *(one.value for one in Component)]
    if found is None:
        return columns, []
    return columns, [
        [
            one.day.isoformat(),
            one.score,
            one.band.value if one.band else None,
            numbers.get(one.model),
            *(_rounded(one.values.get(component)) for component in Component),
        ]
        for one in found.history
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
