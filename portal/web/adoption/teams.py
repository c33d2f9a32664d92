"""Teams side by side, and one team with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from portal.domain.metrics import DAYS_A_WEEK
from portal.domain.teams import TeamGroup
from portal.services.adoption import TeamFeature, TeamFigures, Teams
from portal.web.adoption import drawings
from portal.web.adoption.basis import basis_words
from portal.web.adoption.definitions import define
from portal.web.adoption.span import Span
from portal.web.formats import hours, num, pct, signed
from portal.web.locale import request_locale
from portal.web.prose import joined
from reports.charts import Chart

FEW = 5
APART = 0.15
"""A login ratio so much below the best team's is worth a word."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """`query` leads to the team's page."""

    name: str
    query: dict[str, str]
    persons: str
    active: str
    ratio: str
    week: str
    trend: str
    direction: str
    spark: Markup
    online: str
    features: str
    depth: str


@dataclass(frozen=True, slots=True)
class TeamsPage:
    headline: str
    lead: str
    basis: str
    definition: dict[str, str]
    rows: list[TeamRow]
    named: bool
    too_few: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    name: str
    headline: str
    lead: str
    basis: str
    figures: list[dict[str, Any]]
    weekly: Chart
    features: list[tuple[str, str, str, int, str, str, str]]
    feature_days: dict[str, str]
    feature_head: str
    search: str


def team_name(group: TeamGroup) -> str:
    if group.rest:
        return _("Smaller teams together")
    return group.name or _("No team")


def teams_page(found: Teams, span: Span) -> TeamsPage:
    return TeamsPage(
        headline=_headline(found, span),
        lead=_lead(found),
        basis=basis_words(found.basis),
        definition=define("team"),
        rows=[_row(team, place, span) for place, team in enumerate(found.teams)],
        named=found.named,
        too_few=found.too_few,
    )


def _headline(found: Teams, span: Span) -> str:
    """Who works with it most, among teams that a share can be told of."""
    best = _ranked(found)[:1]
    if not best or not found.basis.coverage_days:
        return _("There is too little data to compare teams.")
    return _(
        "%(team)s is ahead: %(active)s of %(all)s people were active %(when)s.",
        team=team_name(best[0].group),
        active=num(best[0].active),
        all=num(best[0].persons),
        when=span.words(),
    )


def _ranked(found: Teams) -> list[TeamFigures]:
    """The best first; a team of fewer than five says little by its share."""
    told = [team for team in found.teams if team.persons >= FEW and team.active]
    return sorted(told, key=lambda team: -(team.active / team.persons))


def _lead(found: Teams) -> str:
    ranked = _ranked(found)
    if len(ranked) < 2:  # noqa: PLR2004 # two can be compared
        return ""
    best, last = ranked[0], ranked[-1]
    if best.active / best.persons - last.active / last.persons < APART:
        return _("The teams are close together.")
    return joined(
        _(
            "%(team)s has most to gain: %(active)s of %(all)s.",
            team=team_name(last.group),
            active=num(last.active),
            all=num(last.persons),
        ),
        _("Ask those who are ahead to show how they work."),
    )


def _row(team: TeamFigures, place: int, span: Span) -> TeamRow:
    change = team.wau[-1] - team.wau_before
    return TeamRow(
        name=team_name(team.group),
        query={**query_of(team.group), **span.query},
        persons=num(team.persons),
        active=num(team.active),
        ratio=pct(team.active / team.persons if team.persons else None),
        week=num(team.wau[-1]),
        trend=signed(change),
        direction="up" if change > 0 else "down" if change < 0 else "",
        spark=drawings.spark(f"team-{place}", [float(week.active) for week in team.weeks]),
        online=hours(_each(team)),
        features=_(
            "%(used)s of %(all)s", used=num(team.features_used), all=num(len(team.features))
        ),
        depth=pct(team.depth),
    )


def _each(team: TeamFigures) -> float | None:
    seconds = team.time_online_seconds
    return seconds / team.persons if team.persons and seconds is not None else None


def query_of(group: TeamGroup) -> dict[str, str]:
    return {"rest": "1"} if group.rest else {"name": group.name}


def team_page(found: Teams, span: Span) -> TeamPage:
    team = found.teams[0]
    name = team_name(team.group)
    return TeamPage(
        name=name,
        headline=ngettext(
            "%(active)s of %(all)s person in %(team)s worked %(when)s.",
            "%(active)s of %(all)s people in %(team)s worked %(when)s.",
            team.persons,
            active=num(team.active),
            all=num(team.persons),
            team=name,
            when=span.words(),
        ),
        lead=_unused(team),
        basis=basis_words(found.basis),
        figures=_tiles(team),
        weekly=drawings.weekly_chart(team.weeks),
        features=_features(team, found.basis.days),
        feature_days=define("team_feature_days"),
        feature_head=_(
            "%(used)s of %(all)s core features are in use",
            used=num(team.core_used),
            all=num(len(team.core)),
        ),
        search=team.group.name,
    )


def _unused(team: TeamFigures) -> str:
    waiting = [one.name(request_locale()) for one in team.core if not one.persons]
    if not waiting or not team.active:
        return ""
    if len(waiting) == 1:
        return _("%(feature)s waits for a first user.", feature=waiting[0])
    return _("%(count)s core features wait for a first user.", count=num(len(waiting)))


def _tiles(team: TeamFigures) -> list[dict[str, Any]]:
    persons = num(team.persons)
    return [
        _tile(
            "activation_rate",
            pct(team.activation_rate),
            _("%(part)s of %(whole)s people set up", part=num(team.activated), whole=persons),
            f"{num(team.activated)} ÷ {persons} = {pct(team.activation_rate, 1)}",
        ),
        _tile(
            "login_ratio_30d",
            pct(team.login_ratio_30d),
            _("%(part)s in the last 7 days", part=pct(team.login_ratio_7d)),
            _("%(mau)s active in 30 days, %(all)s set up", mau=num(team.mau[-1]), all=persons),
            _counts("mau", team.mau),
        ),
        _tile(
            "stickiness",
            pct(team.stickiness),
            _("%(count)s active on the last day", count=num(team.dau)),
            "",
            _counts("wau", team.wau),
        ),
        _tile(
            "time_online",
            hours(team.time_online_seconds) if team.active else "–",
            _("of the team together")
            if team.time_online_seconds is not None
            else _("not known: the use came as sums of the day, without times"),
        ),
        _tile("team_depth", pct(team.depth), _depth_words(team)),
    ]


def _depth_words(team: TeamFigures) -> str:
    if team.depth is None and any(one.uses is None for one in team.core):
        return _("not known: some of these days were counted before uses were kept by person")
    return _("of the weekly targets, over the core features")


def _counts(key: str, values: Sequence[int]) -> Markup:
    return drawings.spark(f"spark-{key}", [float(value) for value in values])


def _tile(
    key: str, value: str, say: str, formula: str = "", spark: Markup | None = None
) -> dict[str, Any]:
    definition = define(key, formula)
    return {
        "name": definition["name"],
        "value": value,
        "say": say,
        "spark": spark or "",
        "definition": definition,
    }


def _days_a_week(one: TeamFeature, days: int) -> float | None:
    """Of those of the team who used the feature."""
    if not one.persons or one.person_days is None:
        return None
    return one.person_days / one.persons / (days / DAYS_A_WEEK)


def _features(team: TeamFigures, days: int) -> list[tuple[str, str, str, int, str, str, str]]:
    """Name, people, share, whole per cent, days a week, uses and depth: the most used first."""
    used = sorted(team.features, key=lambda one: -one.persons)
    return [
        (
            one.name(request_locale()),
            num(one.persons),
            pct(one.persons / team.persons if team.persons else None),
            round(100 * one.persons / team.persons) if team.persons else 0,
            num(_days_a_week(one, days), 1),
            num(one.uses),
            pct(one.depth),
        )
        for one in used
    ]
