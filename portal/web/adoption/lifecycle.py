"""Who comes and who goes, week by week: sentences, drawing and table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from portal.services.adoption import STATES, MovedPerson, Moves, WeekMoves
from portal.web.adoption.basis import basis_words
from portal.web.adoption.definitions import define
from portal.web.adoption.drawings import wording
from portal.web.formats import day, day_year, num
from portal.web.prose import joined
from portal.web.refusals import Explained
from reports.charts import Chart, Series, balance_bar

BEFORE = 4
"""Weeks that the last one is compared with."""
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One state of one week, given by its Monday."""

    state: str
    monday: date

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Count:
    """A cell; `url` lists the persons, empty where nobody may be named."""

    label: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class LifecyclePage:
    headline: str
    lead: str
    basis: str
    definition: dict[str, str]
    rows_definition: dict[str, str]
    chart: Chart | None
    head: list[str]
    rows: list[tuple[str, list[Count], str]]
    named: bool


@dataclass(frozen=True, slots=True)
class Persons:
    """A heading and whom it is about."""

    heading: str
    rows: Sequence[MovedPerson]


def read_chosen(args: MultiDict[str, str]) -> Chosen | None:
    """From `state` and `week`. Raises Explained naming the member."""
    if "state" not in args and "week" not in args:
        return None
    state = args.get("state", "")
    if state not in STATES:
        said = _("Choose one of %(known)s.", known=", ".join(STATES))
        raise Explained(said, fields={"state": said})
    try:
        monday = date.fromisoformat(args.get("week", ""))
    except ValueError:
        monday = date.min + timedelta(days=1)
    if monday.weekday() or not 2000 <= monday.year < 2200:  # noqa: PLR2004 # the years there can be figures of
        said = _("Give the Monday of the week like 2026-09-28.")
        raise Explained(said, fields={"week": said})
    return Chosen(state, monday)


def lifecycle_page(found: Moves, address: Address) -> LifecyclePage:
    moved = [week for week in found.weeks if week.active or week.dormant]
    return LifecyclePage(
        headline=_headline(moved, found),
        lead=_lead(moved, found),
        basis=basis_words(found.basis),
        definition=define("lifecycle"),
        rows_definition=define("lifecycle", scope="weeks"),
        chart=_chart(found.weeks) if moved else None,
        head=[state_word(state) for state in STATES],
        rows=[_row(week, address if found.named else None) for week in reversed(moved)],
        named=found.named,
    )


def state_word(state: str) -> str:
    return {
        "new": _("new"),
        "returning": _("returning"),
        "resurrecting": _("resurrecting"),
        "dormant": _("dormant"),
    }[state]


def _headline(moved: Sequence[WeekMoves], found: Moves) -> str:
    """The last week: who stayed away, against who came for the first time or again."""
    if not moved:
        return _("No week is over yet.")
    last = found.weeks[-1]
    came = ngettext(
        "%(count)s person came for the first time or again last week,",
        "%(count)s people came for the first time or again last week,",
        last.new + last.resurrecting,
        count=num(last.new + last.resurrecting),
    )
    went = ngettext("%(count)s stayed away.", "%(count)s stayed away.", last.dormant,
                    count=num(last.dormant))  # fmt: skip
    return joined(came, went)


def _lead(moved: Sequence[WeekMoves], found: Moves) -> str:
    """What changed against the weeks before, and what to do about it."""
    if len(moved) <= BEFORE:
        return _("There are too few weeks to see a course yet.")
    last, before = found.weeks[-1], found.weeks[-BEFORE - 1 : -1]
    usual = sum(week.dormant for week in before) / BEFORE
    said = _("In the four weeks before, %(usual)s stayed away a week on average.", usual=num(usual))
    if last.dormant > usual and found.named:
        return joined(said, _("The list under the figure of a week says who: ask them why."))
    return said


def _chart(weeks: Sequence[WeekMoves]) -> Chart:
    def series(state: str, style: int) -> Series:
        values = tuple(float(getattr(week, state)) for week in weeks)
        return Series(state_word(state), values, style)

    return balance_bar(
        "lifecycle",
        _("Who came and who stayed away, week by week."),
        [week.monday for week in weeks],
        wording(_("Week of")),
        above=[series("returning", 3), series("new", 1), series("resurrecting", 4)],
        below=[series("dormant", 2)],
    )


def _row(week: WeekMoves, address: Address | None) -> tuple[str, list[Count], str]:
    counts = [_count(week, state, address) for state in STATES]
    return day_year(week.monday), counts, num(week.active)


def _count(week: WeekMoves, state: str, address: Address | None) -> Count:
    count = getattr(week, state)
    url = ""
    if address is not None and count:
        url = address(state=state, week=week.monday.isoformat()) + "#persons"
    return Count(state_word(state), num(count), url)


def persons_of(chosen: Chosen, rows: Sequence[MovedPerson]) -> Persons:
    heads = {
        "new": _("New in the week of %(day)s", day=day(chosen.monday)),
        "returning": _("Returning in the week of %(day)s", day=day(chosen.monday)),
        "resurrecting": _("Back again in the week of %(day)s", day=day(chosen.monday)),
        "dormant": _("Stayed away in the week of %(day)s", day=day(chosen.monday)),
    }
    return Persons(heads[chosen.state], rows)
