"""Requests of all customers in words: for the roadmap, the changelog and release notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import current_app, url_for
from flask_babel import get_locale, ngettext, pgettext
from flask_babel import gettext as _
from markupsafe import Markup

from portal.domain.permissions import Permission
from portal.domain.requests import PATHS, Kind, State
from portal.services.requests.roadmap import STAGES, RoadmapItem, Stage
from portal.services.requests.sharing import Target
from portal.tenancy import Scope
from portal.web.formats import day_short, day_year, local_day, num
from portal.web.request_words import KINDS, small_ring, state_words
from reports.charts.loop import Stop, loop

Labels = Mapping[tuple[str, str], str]
MONTHS_OF_A_QUARTER = 3
_RELEASED = set(STAGES[Stage.RELEASED])


@dataclass(frozen=True, slots=True)
class RoadmapLine:
    """`lang` is empty where the words are in the reader's language. `ours`: "You asked for this" or
    what else ties the reader to it, empty for nothing. `own_url`: their account's own request.
    `joins`: they may add their voice.
    """

    key: str
    code: str
    url: str
    title: str
    body: str
    lang: str
    kind: str
    state: str
    ring: Markup
    when: str
    totals: str
    people: int
    ours: str
    own_url: str
    joins: bool


def lines_of(items: Iterable[RoadmapItem], scope: Scope, labels: Labels) -> list[RoadmapLine]:
    return [line_of(item, scope, labels) for item in items]


def line_of(item: RoadmapItem, scope: Scope, labels: Labels) -> RoadmapLine:
    return RoadmapLine(
        key=item.key,
        code=item.code,
        url=url_for("roadmap.show", key=item.key),
        title=item.title,
        body=item.body,
        lang="" if item.locale == scope.locale else item.locale,
        kind=str(KINDS[item.kind]),
        state=state_words(item.kind, item.state, labels),
        ring=small_ring(item.kind, item.state),
        when=when_words(item, scope.time_zone),
        totals=totals_words(item.people, item.accounts),
        people=item.people,
        ours=ours_words(item),
        own_url=own_url(item.own.key),
        joins=may_join(item, scope),
    )


def may_join(item: RoadmapItem, scope: Scope) -> bool:
    return (
        scope.role.side == "customer"
        and scope.allows(Permission.REQUEST_WRITE)
        and item.published
        and not item.own.voted
        and item.state is not State.DECLINED
    )


def ours_words(item: RoadmapItem) -> str:
    if item.own.asked:
        return _("You asked for this")
    if item.own.voted:
        return _("You want this too")
    return _("Your company asked for this") if item.own.key else ""


def own_url(key: str) -> str:
    """The page of the account's own request."""
    known = "requests.show" in current_app.view_functions
    return url_for("requests.show", key=key) if key and known else ""


def totals_words(people: int, accounts: int) -> str:
    """14 people at 3 companies"""
    said = ngettext("%(count)s person", "%(count)s people", people, count=num(people))
    return ngettext(
        "%(people)s at %(count)s company",
        "%(people)s at %(count)s companies",
        accounts,
        people=said,
        count=num(accounts),
    )


def when_words(item: RoadmapItem, zone: str) -> str:
    """When it came, or is meant to come; empty where nothing is said."""
    if item.state in _RELEASED:
        return local_day(item.released_at, zone) if item.released_at else ""
    return target_words(item.target)


def target_words(target: Target) -> str:
    """First quarter of 2027, as Q1 2027; a month by its name."""
    if target.on is None:
        return ""
    if target.unit == "quarter":
        number = (target.on.month - 1) // MONTHS_OF_A_QUARTER + 1
        return _("Q%(number)s %(year)s", number=number, year=target.on.year)
    if target.unit == "month":
        return str(format_skeleton("yMMMM", target.on, locale=get_locale()))
    return day_year(target.on)


def shared_ring(item: RoadmapItem, labels: Labels, zone: str) -> Markup:
    """The way of its kind as far as it has come; it ends when those who asked have said that it
    works, each for themselves, so it never closes here.
    """
    path = PATHS[item.kind][:-1]
    done = _reached(path, item.state)
    stops = [_stop(item, state, labels, zone) for state in path]
    words = state_words(item.kind, item.state, labels)
    target = target_words(item.target) if item.state not in _RELEASED else ""
    title = _(
        "%(done)s of %(all)s steps are done: %(state)s.",
        done=num(done + 1),
        all=num(len(path) + 1),
        state=words,
    )
    return loop("way", title, stops, done, [words, target] if target else [words])


def steps_words(item: RoadmapItem) -> str:
    if item.state in _RELEASED:
        return _("The ring closes for each company on its own word.")
    return _("Those who follow hear of every step.")


def _reached(path: Sequence[State], state: State) -> int:
    if state in _RELEASED:
        return path.index(State.RELEASED)
    return path.index(state) if state in path else min(1, len(path) - 1)


def _stop(item: RoadmapItem, state: State, labels: Labels, zone: str) -> Stop:
    first = state is State.SUBMITTED
    name = pgettext("stage", "Asked") if first else state_words(Kind(item.kind), state, labels)
    moments = {State.SUBMITTED: item.created_at, State.RELEASED: item.released_at}
    moment = moments.get(state)
    return Stop(name, day_short(moment.astimezone(ZoneInfo(zone)).date()) if moment else "")
