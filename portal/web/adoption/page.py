"""All that the adoption page of one account shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.services.accounts import go_live_of
from portal.services.adoption import (
    Adoption,
    GroupRow,
    Week,
    adoption_before,
    compare,
    freshness,
    hour_heat,
    integration_series,
    show_adoption,
    team_use,
    weekly_active,
)
from portal.services.adoption.active import count_active
from portal.tenancy import scope_of
from portal.web.adoption import drawings, sentences
from portal.web.adoption.span import Span
from portal.web.adoption.tiles import Change, Tile, changes, feature_tiles, figure_tiles
from portal.web.adoption.volumes import VolumePanel, volume_panels
from portal.web.formats import pct
from portal.web.prose import joined
from reports.charts import Chart, Pin

LEAST_WEEKS, MOST_WEEKS = 12, 26
WEEK = 7


@dataclass(frozen=True, slots=True)
class AdoptionPage:
    now: Adoption
    span: Span
    headline: str
    lead: str
    fresh: str
    stale: bool
    weekly: Chart
    weekly_caption: str
    pins: list[str]
    figures: list[dict[str, Any]]
    breadth: str
    tiles: list[Tile]
    changes: list[Change]
    hours: Chart | None
    calls_head: str
    calls: Chart | None
    integrations: list[tuple[str, int]]
    teams: list[GroupRow]
    volumes: list[VolumePanel]

    @property
    def feature_rows(self) -> list[tuple[str, str, str, str]]:
        """The feature map as a table."""
        return [
            (one.name, "–" if one.percent is None else pct(one.percent / 100), one.users, one.uses)
            for one in self.tiles
        ]


def adoption_page(session: Session, account_key: str, span: Span, vendor: str) -> AdoptionPage:
    """Reads the figures once and says them. Raises NotFound."""
    now = show_adoption(session, account_key, span.last, span.days)
    before = adoption_before(session, now)
    active = count_active(session, account_key, span.first, span.last)
    weeks = weekly_active(session, account_key, span.last, _weeks(now, span))
    found = integration_series(session, account_key, span.last, span.days)
    fresh, stale = sentences.fresh(
        freshness(session, account_key), now, scope_of(session).now.timestamp()
    )
    go_live = _go_live(session, account_key, weeks)
    lead = joined(sentences.course(weeks), sentences.unused(now.features))
    return AdoptionPage(
        now=now,
        span=span,
        headline=sentences.headline(now, active, span, vendor),
        lead=lead if now.coverage_days else sentences.nothing_yet(span),
        fresh=fresh,
        stale=stale,
        weekly=drawings.weekly_chart(weeks, [Pin(day, 1) for day in go_live]),
        weekly_caption=_("People active in each week, beside the people set up."),
        pins=[_("%(product)s goes live", product=vendor) for _day in go_live],
        figures=figure_tiles(now, compare(now, before), span),
        breadth=sentences.breadth(now),
        tiles=feature_tiles(now.features),
        changes=changes(now, before),
        hours=drawings.hours_chart(hour_heat(session, account_key, span.last, max(span.days, 28))),
        calls_head=sentences.calls(found.calls, now.integrations),
        calls=drawings.calls_chart(found) if found.calls else None,
        integrations=[one for one in found.names if one[0]],
        teams=[
            team
            for team in team_use(session, account_key, span.last, span.days)
            if team.team or team.rest
        ],
        volumes=volume_panels(session, account_key, span),
    )


def _weeks(now: Adoption, span: Span) -> int:
    """Enough weeks to see a course: at least twelve, half a year at the most."""
    return min(max(LEAST_WEEKS, -(-span.days // WEEK)), MOST_WEEKS) if now.coverage_days else 1


def _go_live(session: Session, account_key: str, weeks: list[Week]) -> list[date]:
    """The week of the go-live, where it lies on the axis."""
    day = go_live_of(session, account_key)
    if day is None:
        return []
    return [one.first for one in weeks if one.first <= day <= one.last]


def _teams(session: Session, account_key: str, span: Span) -> list[GroupRow]:
    """Nothing where people are in no team: one nameless row says nothing new."""
    teams = team_use(session, account_key, span.last, span.days)
    return teams if any(one.team for one in teams) else []
