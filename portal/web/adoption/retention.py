"""The heat map of retention: a table, so that every cell can be read, searched and copied."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.adoption import Cohort, Retention
from portal.web.adoption.basis import basis_words
from portal.web.adoption.definitions import define
from portal.web.formats import day, day_year, num, pct
from portal.web.prose import joined
from reports.charts import heat_level

LATER = 4
"""Weeks after which somebody who still comes has made a habit of it."""
ENOUGH_PERSONS, ENOUGH_WEEKS = 5, 2
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """`level` 0 to 4 is the depth of its colour; `says` is told to who cannot see it."""

    share: str
    count: str
    level: int
    says: str


@dataclass(frozen=True, slots=True)
class Row:
    """A cohort; `cells` is empty where it is held back, `rest` fills up the row."""

    name: str
    persons: str
    cells: list[Cell]
    protected: bool
    rest: int


@dataclass(frozen=True, slots=True)
class RetentionPage:
    headline: str
    lead: str
    basis: str
    definition: dict[str, str]
    columns: list[str]
    overall: Row | None
    rows: list[Row]
    protected: str
    nobody_began: bool
    head: tuple[str, ...]
    twin: list[tuple[str, ...]]


def retention_page(found: Retention) -> RetentionPage:
    shown = [cohort for cohort in found.cohorts if cohort.persons or cohort.protected]
    width = max((len(cohort.active) for cohort in shown), default=0)
    return RetentionPage(
        headline=_headline(found),
        lead=_lead(found),
        basis=basis_words(found.basis),
        definition=define("retention", _formula(found)),
        columns=[num(week) for week in range(width)],
        overall=_overall(found, width) if found.overall else None,
        rows=[_row(cohort, width) for cohort in reversed(shown)],
        protected=_protected(found),
        nobody_began=_nobody_began(found),
        head=(_("Week of"), _("Persons"), *(_week(week) for week in range(width))),
        twin=[_twin(cohort, width) for cohort in reversed(shown)],
    )


def _week(week: int) -> str:
    return _("Week %(number)s", number=num(week))


def _headline(found: Retention) -> str:
    """What became of those who began: four weeks later, or as far as there are weeks."""
    if _nobody_began(found):
        return ngettext(
            "Nobody began in the last %(weeks)s week.",
            "Nobody began in the last %(weeks)s weeks.",
            found.weeks,
            weeks=num(found.weeks),
        )
    if len(found.overall) < ENOUGH_WEEKS or found.overall[1].persons < ENOUGH_PERSONS:
        return _("There are too few people and weeks to say who stays.")
    week = min(LATER, len(found.overall) - 1)
    while found.overall[week].persons < ENOUGH_PERSONS:
        week -= 1
    return ngettext(
        "%(weeks)s week after their first, %(share)s of those who began are at work.",
        "%(weeks)s weeks after their first, %(share)s of those who began are at work.",
        week,
        weeks=num(week),
        share=pct(found.overall[week].share),
    )


def _lead(found: Retention) -> str:
    """What changed: those who began lately against those before them, a week later."""
    if _nobody_began(found):
        return _("Who was there before them stands on the page of those who come and go.")
    told = [cohort for cohort in found.cohorts if len(cohort.active) > 1 and cohort.persons]
    half = len(told) // 2
    early, late = told[:half], told[half:]
    if min(_persons(early), _persons(late)) < ENOUGH_PERSONS:
        return _("There are too few people to compare earlier weeks with later ones.")
    before, now = _next_week(early), _next_week(late)
    said = _(
        "Since the week of %(day)s, %(now)s came back in the week after their first; before, "
        "it was %(before)s.",
        day=day(late[0].monday),
        now=pct(now),
        before=pct(before),
    )
    if now < before:
        return joined(said, _("Look at who has not come back, and what they were missing."))
    return said


def _nobody_began(found: Retention) -> bool:
    """Whether there are whole weeks of use, and nobody's first among them."""
    none = not any(cohort.persons or cohort.protected for cohort in found.cohorts)
    return none and found.basis.coverage_days >= WEEK_DAYS


def _persons(cohorts: list[Cohort]) -> int:
    return sum(cohort.persons for cohort in cohorts)


def _next_week(cohorts: list[Cohort]) -> float:
    return sum(cohort.active[1] for cohort in cohorts) / _persons(cohorts)


def _formula(found: Retention) -> str:
    if len(found.overall) < ENOUGH_WEEKS or not found.overall[1].persons:
        return ""
    one = found.overall[1]
    return _(
        "week 1: %(active)s ÷ %(persons)s = %(share)s",
        active=num(one.active),
        persons=num(one.persons),
        share=pct(one.share, 1),
    )


def _overall(found: Retention, width: int) -> Row:
    persons = found.overall[0].persons
    cells = [
        _cell(_("All weeks"), week, one.active, one.persons)
        for week, one in enumerate(found.overall)
    ]
    return Row(_("All weeks"), num(persons), cells, protected=False, rest=width - len(cells))


def _row(cohort: Cohort, width: int) -> Row:
    name = day(cohort.monday)
    if cohort.protected:
        return Row(name, "", [], protected=True, rest=width)
    cells = [_cell(name, week, active, cohort.persons) for week, active in enumerate(cohort.active)]
    return Row(name, num(cohort.persons), cells, protected=False, rest=width - len(cells))


def _cell(name: str, week: int, active: int, persons: int) -> Cell:
    share = active / persons if persons else 0.0
    says = _(
        "%(name)s, week %(week)s: %(active)s of %(persons)s",
        name=name,
        week=num(week),
        active=num(active),
        persons=num(persons),
    )
    return Cell(num(round(share * 100)), num(active), heat_level(share, 1.0), says)


def _protected(found: Retention) -> str:
    if not found.protected:
        return ""
    return ngettext(
        "%(count)s week is held back: this account shows people only in groups of at least five, "
        "and a smaller one could be worked out from it.",
        "%(count)s weeks are held back: this account shows people only in groups of at least five, "
        "and a smaller one could be worked out from them.",
        found.protected,
        count=num(found.protected),
    )


def _twin(cohort: Cohort, width: int) -> tuple[str, ...]:
    name = day_year(cohort.monday)
    if cohort.protected:
        return (name, *["–"] * (width + 1))
    counts = [num(count) for count in cohort.active]
    return (name, num(cohort.persons), *counts, *["–"] * (width - len(counts)))
