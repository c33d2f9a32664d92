"""A target by itself: how far it is in a word, a sentence and a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from portal.domain.account_metrics import Unit, metric_of
from portal.domain.targets import Standing
from portal.services.targets import Point, Target
from portal.services.volumes import SeriesHead
from portal.web.adoption.drawings import wording
from portal.web.adoption.metric_names import mark_of, metric_definition, metric_name
from portal.web.adoption.quantities import axis, said, scaled
from portal.web.formats import day_year
from portal.web.prose import joined
from reports.charts import Chart, Series, Size, line

BROAD = Size(520, 240)
SHAPES = {
    Standing.REACHED: "good",
    Standing.ON_THE_WAY: "half",
    Standing.BEHIND: "watch",
    Standing.MISSED: "risk",
    Standing.UNKNOWN: "none",
}


@dataclass(frozen=True, slots=True)
class TargetCard:
    key: str
    name: str
    definition: dict[str, str]
    shape: str
    word: str
    sentence: str
    set_words: str
    chart: Chart


def target_card(
    target: Target, series: Mapping[str, SeriesHead], course: Sequence[Point]
) -> TargetCard:
    return TargetCard(
        key=target.key,
        name=metric_name(target.metric, series),
        definition=metric_definition(target.metric, series, "target"),
        shape=SHAPES[target.standing],
        word=_word(target.standing),
        sentence=_sentence(target),
        set_words=_set_words(target),
        chart=_chart(target, course),
    )


def _word(standing: Standing) -> str:
    return {
        Standing.REACHED: _("reached"),
        Standing.ON_THE_WAY: _("on the way"),
        Standing.BEHIND: _("behind"),
        Standing.MISSED: _("not reached"),
        Standing.UNKNOWN: _("too little data"),
    }[standing]


def _sentence(target: Target) -> str:
    """How far, and by when; where it is behind, how much and what it will be as it goes on."""
    metric, course = target.metric, target.course
    if target.now is None:
        return _(
            "%(goal)s by %(day)s. There is too little data to say how far it is.",
            goal=said(metric, course.goal),
            day=day_year(course.due),
        )
    head = _(
        "%(now)s now, %(goal)s by %(day)s.",
        now=said(metric, target.now),
        goal=said(metric, course.goal),
        day=day_year(course.due),
    )
    expected = course.expected(target.day)
    if target.standing not in {Standing.BEHIND, Standing.ON_THE_WAY} or expected is None:
        return head
    way = _("The line is at %(value)s today.", value=said(metric, expected))
    forecast = course.forecast(target.day, target.now)
    if target.standing is Standing.ON_THE_WAY or forecast is None:
        return joined(head, way)
    pace = _("At this pace it will be %(value)s by then.", value=said(metric, forecast))
    return joined(head, way, pace)


def _set_words(target: Target) -> str:
    start = said(target.metric, target.course.start)
    day = day_year(target.course.set_on)
    if target.set_by:
        return _(
            "Set at %(start)s on %(day)s by %(name)s.", start=start, day=day, name=target.set_by
        )
    return _("Set at %(start)s on %(day)s.", start=start, day=day)


def _chart(target: Target, course: Sequence[Point]) -> Chart:
    """What it was, and the straight way from where it stood to the target."""
    actual = {point.day: point.value for point in course}
    actual.setdefault(target.course.set_on, target.course.start)
    days = sorted({*actual, target.day, target.course.due})
    words = replace(
        wording(_("Day")),
        number=lambda value: axis(target.metric, value),
    )
    return line(
        f"target-{mark_of(target.metric)}",
        _sentence(target),
        days,
        [
            Series(_("so far"), tuple(_scaled(target, actual.get(day)) for day in days)),
            Series(_("target"), tuple(_scaled(target, _way(target, day)) for day in days), 2),
        ],
        words,
        enough=2,
        whole=metric_of(target.metric).unit is Unit.COUNT,
        broad=BROAD,
    )


def _way(target: Target, day: date) -> float | None:
    return target.course.expected(day) if day >= target.course.set_on else None


def _scaled(target: Target, value: float | None) -> float | None:
    return None if value is None else scaled(target.metric, value)
