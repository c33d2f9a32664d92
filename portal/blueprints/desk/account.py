"""One account whole, in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.account_readings import ReadRow
from portal.services.account_settings import NAMED
from portal.services.adoption import Week
from portal.services.contacts import SignsIn
from portal.services.desk import READ_DAYS, AccountDesk, AccountFacts
from portal.web.adoption import drawings, sentences
from portal.web.adoption.basis import basis_of_figures, basis_words
from portal.web.adoption.span import USUAL, Span
from portal.web.adoption.strip import strip_tiles
from portal.web.adoption.tiles import Tile, feature_tiles
from portal.web.alerts import AlertLine, alert_lines
from portal.web.cards import ReportLine, report_lines
from portal.web.clock import request_time
from portal.web.context import initials, role_label, vendor_view
from portal.web.formats import clock, day_year, num, zone_city
from portal.web.health import HealthWords, best_words, health_words
from portal.web.portfolio import contract_words, segment
from portal.web.portfolio_definitions import define_desk
from portal.web.prose import joined, row_of
from portal.web.stages import stage_name
from portal.web.tasks import TaskLine, task_lines
from reports.charts.chart import Chart, Pin

MOST_PEOPLE = 6
DEFINED = ("health", "weekly", "depth", "integration_calls")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    initials: str
    words: str


@dataclass(frozen=True, slots=True)
class TextLine:
    title: str
    slug: str
    words: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    facts: AccountFacts
    lead: str
    fresh: str
    stale: bool
    has_data: bool
    basis: str
    defined: dict[str, dict[str, str]]
    strip: list[tuple[str, str]]
    figures: list[dict[str, Any]]
    weekly: Chart | None
    pins: list[str]
    breadth: str
    tiles: list[Tile]
    integrations: list[tuple[str, str]]
    reports: list[ReportLine]
    people: list[PersonLine]
    people_more: int
    privacy: str
    health: HealthWords
    health_best: str
    alerts: list[AlertLine]
    tasks: list[TaskLine]
    texts: list[TextLine]
    texts_head: str


def account_page(desk: AccountDesk) -> AccountPage:
    fresh, stale = sentences.fresh(desk.now, request_time())
    pins = _go_live(desk.facts.go_live, desk.weeks)
    has_data = desk.now.coverage_days > 0
    return AccountPage(
        facts=desk.facts,
        lead=joined(headline(desk), _lead(desk)),
        fresh=fresh,
        stale=stale,
        has_data=has_data,
        basis=basis_words(basis_of_figures(desk.now)),
        defined={key: define_desk(key) for key in DEFINED},
        strip=strip(desk),
        figures=strip_tiles(desk.now, desk.before, desk.breadth_weeks, desk.weeks)
        if has_data
        else [],
        weekly=drawings.weekly_chart(desk.weeks, [Pin(one, 1) for one in pins])
        if has_data
        else None,
        pins=[_("%(account)s goes live", account=desk.facts.name) for _pin in pins],
        breadth=sentences.breadth(desk.now),
        tiles=feature_tiles(desk.now.features),
        integrations=[(name, num(calls)) for name, calls in desk.calls.names if name],
        reports=report_lines(desk.reports),
        people=[_person(one) for one in desk.people[:MOST_PEOPLE]],
        people_more=max(len(desk.people) - MOST_PEOPLE, 0),
        privacy=joined(_privacy(desk.facts), _unlisted(desk.unlisted)),
        health=health_words(desk.health.row if desk.health else None),
        health_best=best_words(desk.health.best if desk.health else None),
        alerts=alert_lines(desk.alerts),
        tasks=task_lines(desk.tasks),
        texts=[_text(one, desk.facts.time_zone) for one in desk.texts],
        texts_head=_("Texts read in %(days)s days", days=num(READ_DAYS)),
    )


def headline(desk: AccountDesk) -> str:
    """218 of 260 people worked in Ferrymark in the last 30 days."""
    span = Span(desk.now.as_of, USUAL, own=False)
    return sentences.headline(desk.now, desk.now.mau_provisioned, span, vendor_view().name)


def _lead(desk: AccountDesk) -> str:
    if not desk.now.coverage_days:
        return _("As soon as events arrive, they are shown here.")
    return joined(sentences.course(desk.weeks), sentences.unused(desk.now.features))


def strip(desk: AccountDesk) -> list[tuple[str, str]]:
    """The facts under the name."""
    facts, now = desk.facts, request_time()
    seats = (
        _("%(used)s of %(all)s", used=num(desk.now.activated), all=num(facts.seats))
        if facts.seats
        else num(desk.now.activated)
    )
    return [
        (_("Stage"), stage_words(facts)),
        (_("Segment"), segment(facts.tier, facts.industry, facts.region)),
        *([(_("Part of"), facts.group_name)] if facts.group_name else []),
        (_("Contract ends"), contract_words(facts.contract_end, desk.now.as_of)),
        (_("Seats activated"), seats),
        (_("Live since"), day_year(facts.go_live) if facts.go_live else "–"),
        (
            _("Local time"),
            _(
                "%(time)s in %(city)s",
                time=clock(now, facts.time_zone),
                city=zone_city(facts.time_zone),
            ),
        ),
        (_("Success manager"), desk.csm.name if desk.csm else _("nobody yet")),
    ]


def stage_words(facts: AccountFacts) -> str:
    """Steady use since 3 March 2026"""
    name = stage_name(facts.stage)
    if facts.stage_since is None:
        return name
    return _("%(stage)s since %(day)s", stage=name, day=day_year(facts.stage_since))


def _go_live(day: date | None, weeks: list[Week]) -> list[date]:
    """The week of the go-live, where it lies on the axis."""
    if day is None:
        return []
    return [one.first for one in weeks if one.first <= day < one.first + WEEK]


def _person(one: SignsIn) -> PersonLine:
    last = (
        _("last here on %(day)s", day=day_year(one.last_seen_at.date()))
        if one.last_seen_at
        else _("never here")
    )
    return PersonLine(one.name, initials(one.name), row_of((role_label(one.role), last)))


def _text(one: ReadRow, zone: str) -> TextLine:
    read = ngettext(
        "%(count)s person read it",
        "%(count)s people read it",
        one.persons,
        count=num(one.persons),
    )
    day = one.last_at.astimezone(ZoneInfo(zone)).date()
    words = row_of((read, _("last on %(day)s", day=day_year(day))))
    return TextLine(one.title, one.slug, words)


def _privacy(facts: AccountFacts) -> str:
    if facts.people_shown == NAMED:
        return _("The account lets its people be shown by name. Its champion decides that.")
    return _(
        "The account shows its people only in groups of at least five. Its champion decides that."
    )


def _unlisted(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s person in its events is not on its list of people.",
        "%(count)s people in its events are not on its list of people.",
        count,
        count=num(count),
    )
