"""How far the account is: its targets, what changed, its peers, and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account_metrics import METRICS, Unit, Values, metric_of, volume_series_of
from portal.domain.targets import Standing
from portal.services.adoption import Basis
from portal.services.next_steps import NextStep
from portal.services.peers import PeerRow
from portal.services.targets import Point, Target
from portal.services.volumes import SeriesHead
from portal.web.adoption.basis import basis_words
from portal.web.adoption.definitions import define
from portal.web.adoption.drawings import wording
from portal.web.adoption.quantities import AMOUNT_DIGITS, axis, said, scaled
from portal.web.adoption.sentences import points
from portal.web.formats import day_year, num, signed
from portal.web.locale import request_locale
from portal.web.prose import joined
from reports.charts import Chart, Series, Size, line

BROAD = Size(520, 240)
ON_COURSE = frozenset({Standing.REACHED, Standing.ON_THE_WAY})
SHAPES = {
    Standing.REACHED: "good",
    Standing.ON_THE_WAY: "half",
    Standing.BEHIND: "watch",
    Standing.MISSED: "risk",
    Standing.UNKNOWN: "none",
}
MOST_STEPS = 3


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


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: now, against 30 days before, the target, and the peers."""

    name: str
    definition: dict[str, str]
    now: str
    trend: str
    direction: str
    goal: str
    peers: str
    behind: str


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class TargetsPage:
    headline: str
    lead: str
    basis: str
    cards: list[TargetCard]
    rows: list[FigureRow]
    peers: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the page is made from. `before`: the same figures 30 days earlier. `series`: those
    of business volume, by their metric.
    """

    basis: Basis
    now: Values
    before: Values
    targets: Sequence[Target]
    courses: Mapping[str, Sequence[Point]]
    peers: Mapping[str, PeerRow]
    series: Mapping[str, SeriesHead]
    steps: Sequence[NextStep]


def targets_page(facts: Facts) -> TargetsPage:
    goals = {target.metric: target for target in facts.targets}
    return TargetsPage(
        headline=_headline(facts.targets),
        lead=_lead(facts.targets, facts.series),
        basis=basis_words(facts.basis),
        cards=[_card(target, facts) for target in facts.targets],
        rows=[_row(metric, facts, goals.get(metric)) for metric in (*METRICS, *facts.series)],
        peers=_peers(facts.peers),
        steps=[_step(step) for step in facts.steps[:MOST_STEPS]],
    )


def metric_name(metric: str, series: Mapping[str, SeriesHead] | None = None) -> str:
    """Of a series of business volume its own name, with its unit; its key where it has none."""
    key = volume_series_of(metric)
    if key is None:
        return define(metric)["name"]
    head = (series or {}).get(metric)
    if head is None:
        return key
    return (
        f"{head.name(request_locale())} ({head.unit})" if head.unit else head.name(request_locale())
    )


def _definition(
    metric: str, series: Mapping[str, SeriesHead], scope: str = "define"
) -> dict[str, str]:
    if volume_series_of(metric) is None:
        return define(metric, scope=scope)
    known = define("volume_month", scope=scope)
    name = metric_name(metric, series)
    return {**known, "id": f"{scope}-{_mark(metric)}", "name": name}


def _mark(metric: str) -> str:
    """As a part of an element's id."""
    return metric.replace(":", "-")


def _headline(targets: Sequence[Target]) -> str:
    if not targets:
        return _("No target is set yet.")
    good = sum(1 for target in targets if target.standing in ON_COURSE)
    return ngettext(
        "%(good)s of %(count)s target is reached or on the way.",
        "%(good)s of %(count)s targets are reached or on the way.",
        len(targets),
        good=num(good),
        count=num(len(targets)),
    )


def _lead(targets: Sequence[Target], series: Mapping[str, SeriesHead]) -> str:
    """The target that needs most: relative to its way, the furthest behind."""
    if not targets:
        return _("A target says how far a figure shall be on a day. Your success manager sets it.")
    behind = [target for target in targets if target.standing is Standing.BEHIND]
    if not behind:
        return ""
    worst = max(behind, key=_lag)
    return _(
        "%(figure)s needs most: %(now)s now, %(goal)s by %(day)s.",
        figure=metric_name(worst.metric, series),
        now=said(worst.metric, worst.now),
        goal=said(worst.metric, worst.course.goal),
        day=day_year(worst.course.due),
    )


def _lag(target: Target) -> float:
    gap = target.course.gap(target.day, target.now or 0.0) or 0.0
    return gap / (abs(target.course.goal) or 1.0)


def _card(target: Target, facts: Facts) -> TargetCard:
    return TargetCard(
        key=target.key,
        name=metric_name(target.metric, facts.series),
        definition=_definition(target.metric, facts.series, "target"),
        shape=SHAPES[target.standing],
        word=_word(target.standing),
        sentence=_sentence(target),
        set_words=_set_words(target),
        chart=_chart(target, facts.courses.get(target.metric, ())),
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
        f"target-{_mark(target.metric)}",
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


def _row(metric: str, facts: Facts, target: Target | None) -> FigureRow:
    now, peers = facts.now.get(metric), facts.peers.get(metric)
    trend, way = _change(metric, now, facts.before.get(metric))
    return FigureRow(
        name=metric_name(metric, facts.series),
        definition=_definition(metric, facts.series),
        now=said(metric, now),
        trend=trend,
        direction=way,
        goal="" if target is None else _goal(target),
        peers=said(metric, peers.median) if peers else "–",
        behind=_("at least %(count)s others", count=num(peers.others)) if peers else "",
    )


def _goal(target: Target) -> str:
    return _(
        "%(goal)s by %(day)s",
        goal=said(target.metric, target.course.goal),
        day=day_year(target.course.due),
    )


def _change(metric: str, now: float | None, before: float | None) -> tuple[str, str]:
    """Shares in points, the others as a difference; nothing where there was nothing before."""
    if now is None or before is None:
        return "", ""
    unit = metric_of(metric).unit
    if unit is Unit.SHARE:
        return points(now - before)
    digits = {Unit.COUNT: 0, Unit.AMOUNT: AMOUNT_DIGITS}.get(unit, 1)
    difference = round(scaled(metric, now) - scaled(metric, before), digits)
    way = "up" if difference > 0 else "down" if difference < 0 else ""
    words = signed(difference, digits)
    return (_("%(hours)s h", hours=words) if unit is Unit.SECONDS else words), way


def _peers(peers: Mapping[str, PeerRow]) -> str:
    """Which day the peers' figures are of, or why there are none."""
    if not peers:
        return _(
            "There are too few accounts like this one to compare with: at least five others are "
            "needed."
        )
    newest = max(row.day for row in peers.values())
    return _(
        "Peers: the median of the other accounts of the same segment, on %(day)s. It is shown only "
        "where at least five stand behind it, rounded; nobody sees whose figures they are.",
        day=day_year(newest),
    )


def _step(step: NextStep) -> Step:
    name = step.feature.name(request_locale())
    words = (
        _("%(feature)s waits for a first user.", feature=name)
        if step.feature.unused
        else _("%(feature)s is used little yet.", feature=name)
    )
    return Step(step.item.title, words, url_for("knowledge.show", slug=step.item.slug))
