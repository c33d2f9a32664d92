"""The champion's first page: what the teams did, what waits, what is worth reading."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.home.greetings import greet
from portal.blueprints.home.tiles import champion_tiles
from portal.blueprints.home.todo import Todo, todo_of, todo_title
from portal.services.adoption import Adoption
from portal.services.home import ChampionHome, champion_home
from portal.services.next_steps import NextStep
from portal.services.requests.listing import waiting_for
from portal.services.training.waiting import waiting_courses
from portal.web.adoption import sentences
from portal.web.adoption.basis import basis_of_figures, basis_words
from portal.web.cards import ContactCard, ReportLine, contact_card, report_lines
from portal.web.clock import request_time
from portal.web.context import vendor_view
from portal.web.formats import day, num, pct
from portal.web.guards import customer_account_key, db
from portal.web.health import HealthWords, shared_words
from portal.web.locale import request_locale
from portal.web.prose import joined, listed

MOST_READING = 4
MOST_WAITING = 3
MOST_REPORTS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text worth ten minutes. `next` marks the first step for an unused feature."""

    title: str
    url: str
    type: str
    words: str
    next: bool


@dataclass(frozen=True, slots=True)
class ChampionPage:
    kicker: str
    headline: str
    lead: str
    fresh: str
    basis: str
    stale: bool
    has_data: bool
    todo_title: str
    todo: list[Todo]
    figures: list[dict[str, Any]]
    reading: list[Reading]
    reports: list[ReportLine]
    csm: ContactCard | None
    health: HealthWords | None
    health_words: str


def champion_page() -> ChampionPage:
    home = champion_home(db(), customer_account_key())
    fresh, stale = sentences.fresh(home.now, request_time())
    todo = todo_of(home, waiting_courses(db()), waiting_for(db(), MOST_WAITING))
    return ChampionPage(
        kicker=greet(),
        headline=headline(home.now, home.before),
        lead=lead(home.now, home.before),
        fresh=fresh,
        basis=basis_words(basis_of_figures(home.now)),
        stale=stale,
        has_data=home.now.coverage_days > 0,
        todo_title=todo_title(len(todo)),
        todo=todo,
        figures=champion_tiles(home) if home.now.coverage_days else [],
        reading=reading(home),
        reports=report_lines(home.reports[:MOST_REPORTS]),
        csm=contact_card(home.csm),
        health=shared_words(home.health) if home.health else None,
        health_words=_health(home),
    )


def _health(home: ChampionHome) -> str:
    if home.health is None:
        return ""
    return _(
        "How %(vendor)s reads the health of your account, of 100, at the end of %(day)s.",
        vendor=vendor_view().name,
        day=day(home.health.day),
    )


def headline(now: Adoption, before: Adoption) -> str:
    """Your teams used 8 of 10 core features in 30 days. Approvals grew most."""
    if not now.coverage_days:
        return _("Nothing has arrived from your teams yet.")
    return joined(_used(now), _moved(now, before))


def _used(now: Adoption) -> str:
    used, entitled = now.breadth.used, now.breadth.entitled
    if not entitled:
        return ngettext(
            "%(count)s person of your company was active in 30 days.",
            "%(count)s people of your company were active in 30 days.",
            now.mau,
            count=num(now.mau),
        )
    if used == entitled:
        return _("Your teams used all %(all)s core features in 30 days.", all=num(entitled))
    return _(
        "Your teams used %(used)s of %(all)s core features in 30 days.",
        used=num(used),
        all=num(entitled),
    )


def _moved(now: Adoption, before: Adoption) -> str:
    """What grew most in people; where nothing did, what happened to the number of people."""
    if not before.coverage_days:
        return ""
    persons = {one.key: one.persons for one in before.features}
    core = [one for one in now.features if one.core]
    best = max(core, key=lambda one: one.persons - persons.get(one.key, 0), default=None)
    if best is not None and best.persons > persons.get(best.key, 0):
        return _("%(feature)s grew most.", feature=best.name(request_locale()))
    fewer = before.mau - now.mau
    if fewer > 0:
        return ngettext(
            "%(count)s person fewer came than before.",
            "%(count)s people fewer came than before.",
            fewer,
            count=num(fewer),
        )
    return ""


def lead(now: Adoption, before: Adoption) -> str:
    if not now.coverage_days:
        return _(
            "As soon as %(vendor)s sends its first events, this page says what your teams use.",
            vendor=vendor_view().name,
        )
    return joined(_active(now, before), _waiting(now))


def _active(now: Adoption, before: Adoption) -> str:
    if not now.provisioned or now.login_ratio_30d is None:
        return ""
    ratio = pct(now.login_ratio_30d)
    change, _way = sentences.points(
        None if before.login_ratio_30d is None else now.login_ratio_30d - before.login_ratio_30d
    )
    if not change:
        return _("%(ratio)s of the people set up were active.", ratio=ratio)
    return _(
        "%(ratio)s of the people set up were active, %(change)s on the 30 days before.",
        ratio=ratio,
        change=change,
    )


def _waiting(now: Adoption) -> str:
    names = [one.name(request_locale()) for one in now.features if one.core and one.unused]
    if not names:
        return ""
    return ngettext(
        "%(names)s waits for a first user.",
        "%(names)s wait for a first user.",
        len(names),
        names=listed(names),
    )


def reading(home: ChampionHome) -> list[Reading]:
    """Next steps first, then the newest texts."""
    found = [_step(step, first=at == 0) for at, step in enumerate(home.steps)]
    told = {step.item.slug for step in home.steps}
    found += [
        Reading(line.title, _address(line.slug), line.type, line.summary, next=False)
        for line in home.news
        if line.slug not in told
    ]
    return found[:MOST_READING]


def _step(step: NextStep, *, first: bool) -> Reading:
    feature, item = step.feature, step.item
    name = feature.name(request_locale())
    why = (
        _("You have %(feature)s and nobody uses it yet.", feature=name)
        if feature.unused
        else _(
            "%(feature)s is used to %(depth)s of its weekly target.",
            feature=name,
            depth=pct(feature.depth),
        )
    )
    return Reading(item.title, _address(item.slug), item.type, joined(why, item.effect), next=first)


def _address(slug: str) -> str:
    return url_for("knowledge.show", slug=slug)
