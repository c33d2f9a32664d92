"""All that the adoption page of one account shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.services.adoption import (
    Adoption,
    GroupRow,
    Standing,
    Week,
    compare,
    show_overview,
)
from portal.services.adoption.course import values_of
from portal.tenancy import scope_of
from portal.web.adoption import drawings, sentences
from portal.web.adoption.basis import basis_of_figures, basis_words
from portal.web.adoption.definitions import define
from portal.web.adoption.peers import beside_peers, peers_to_show, peers_words
from portal.web.adoption.span import Span
from portal.web.adoption.tiles import Change, Tile, changes, feature_tiles, figure_tiles
from portal.web.adoption.volumes import VolumePanel, volume_panels
from portal.web.formats import num, pct
from portal.web.prose import joined
from reports.charts import Chart, Pin


@dataclass(frozen=True, slots=True)
class AdoptionPage:
    now: Adoption
    span: Span
    headline: str
    lead: str
    fresh: str
    basis: str
    defined: dict[str, dict[str, str]]
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
    peers: str
    breadth_peers: str

    @property
    def feature_rows(self) -> list[tuple[str, str, str, str]]:
        """The feature map as a table."""
        return [
            (one.name, "–" if one.percent is None else pct(one.percent / 100), one.users, one.uses)
            for one in self.tiles
        ]


def adoption_page(session: Session, standing: Standing, span: Span, vendor: str) -> AdoptionPage:
    """Reads the figures once and says them. Raises Invalid."""
    found = show_overview(session, standing, span.first, span.last)
    now, before, weeks, calls = found.now, found.before, found.weeks, found.calls
    go_live = _go_live(standing.go_live, weeks)
    fresh, stale = sentences.fresh(now, scope_of(session).now)
    peers = peers_to_show(standing, span)
    lead = joined(sentences.course(weeks), sentences.unused(now.features))
    return AdoptionPage(
        now=now,
        span=span,
        headline=sentences.headline(now, found.active, span, vendor),
        lead=lead if now.coverage_days else sentences.nothing_yet(span),
        fresh=fresh,
        basis=basis_words(basis_of_figures(now)),
        defined=_defined(now),
        stale=stale,
        weekly=drawings.weekly_chart(weeks, [Pin(day, 1) for day in go_live]),
        weekly_caption=_("People active in each week, beside the people set up."),
        pins=[_("%(product)s goes live", product=vendor) for _day in go_live],
        figures=figure_tiles(now, compare(now, before), span, peers),
        breadth=sentences.breadth(now),
        tiles=feature_tiles(now.features),
        changes=changes(now, before),
        hours=drawings.hours_chart(found.heat),
        calls_head=sentences.calls(now.integration_calls, now.integrations),
        calls=drawings.calls_chart(calls) if calls.calls else None,
        integrations=[one for one in calls.names if one[0]],
        teams=[team for team in found.teams if team.team or team.rest],
        volumes=volume_panels(session, standing.account.id, span) if standing.volumes[0] else [],
        peers=peers_words(peers),
        breadth_peers=beside_peers(peers, values_of(now), ("breadth", "depth")),
    )


def _defined(now: Adoption) -> dict[str, dict[str, str]]:
    """What each part of the page means, beside the figures that say it themselves."""
    used, whole = num(now.breadth.used), num(now.breadth.entitled)
    breadth = _("%(used)s ÷ %(whole)s core features", used=used, whole=whole)
    known = now.depth is not None
    return {
        "weekly": define("weekly"),
        "breadth": define("breadth", breadth if now.breadth.entitled else ""),
        "depth": define("depth", _("mean: %(depth)s", depth=pct(now.depth)) if known else ""),
        "hours": define("hours"),
        "calls": define("integration_calls"),
        "teams": define("teams"),
    }


def _go_live(day: date | None, weeks: list[Week]) -> list[date]:
    """The week of the go-live, where it lies on the axis."""
    if day is None:
        return []
    return [one.first for one in weeks if one.first <= day <= one.last]
