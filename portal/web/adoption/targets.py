"""How far the account is: its targets, what changed, its peers, and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account_metrics import METRICS, Unit, Values, metric_of
from portal.domain.peers import PeerRow
from portal.domain.targets import Standing
from portal.services.adoption import Basis
from portal.services.next_steps import NextStep
from portal.services.targets import DAILY, OneDay, Point, Target
from portal.services.volumes import SeriesHead
from portal.web.adoption.basis import basis_words
from portal.web.adoption.metric_names import metric_definition, metric_name
from portal.web.adoption.peers import peers_words
from portal.web.adoption.quantities import digits_of, said, scaled
from portal.web.adoption.sentences import points
from portal.web.adoption.steps import Step, steps_of
from portal.web.adoption.target_cards import TargetCard, target_card
from portal.web.formats import day_year, num, signed, weekday

WHOLE_HOURS = 10 * 3600
"""So much more or less is said without decimals of an hour."""
ON_COURSE = frozenset({Standing.REACHED, Standing.ON_THE_WAY})


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: now, against 30 days before, the target, and the peers. `days`: which ones, where
    it is not all of them.
    """

    name: str
    definition: dict[str, str]
    now: str
    days: str
    trend: str
    direction: str
    goal: str
    peers: str
    behind: str


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
    of business volume, by their metric. `daily`: the days that the figure of one day is of.
    """

    basis: Basis
    now: Values
    before: Values
    daily: OneDay
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
        cards=[
            target_card(target, facts.series, facts.courses.get(target.metric, ()))
            for target in facts.targets
        ],
        rows=[_row(metric, facts, goals.get(metric)) for metric in (*METRICS, *facts.series)],
        peers=peers_words(facts.peers) or _none_to_compare(),
        steps=steps_of(facts.steps),
    )


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


def _row(metric: str, facts: Facts, target: Target | None) -> FigureRow:
    now, peers = facts.now.get(metric), facts.peers.get(metric)
    trend, way = _change(metric, now, facts.before.get(metric))
    return FigureRow(
        name=metric_name(metric, facts.series),
        definition=metric_definition(metric, facts.series),
        now=said(metric, now),
        days=_days(facts.daily) if metric == DAILY and now is not None else "",
        trend=trend,
        direction=way,
        goal="" if target is None else _goal(target),
        peers=said(metric, peers.median) if peers else "–",
        behind=_("at least %(count)s others", count=num(peers.others)) if peers else "",
    )


def _days(daily: OneDay) -> str:
    if daily.people_before is None:
        return weekday(daily.day)
    return _("%(day)s, against %(before)s", day=weekday(daily.day), before=weekday(daily.before))


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
    digits = {Unit.COUNT: 0, Unit.AMOUNT: digits_of(now)}.get(unit, 1)
    if unit is Unit.SECONDS and abs(now - before) >= WHOLE_HOURS:
        digits = 0
    difference = round(scaled(metric, now) - scaled(metric, before), digits)
    way = "up" if difference > 0 else "down" if difference < 0 else ""
    words = signed(difference, digits)
    return (_("%(hours)s h", hours=words) if unit is Unit.SECONDS else words), way


def _none_to_compare() -> str:
    return _(
        "There are too few accounts like this one to compare with: at least five others are needed."
    )
