"""Figures of the loop as both sides read them: tiles with their definitions, a chart, kinds."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.requests import Kind
from portal.services.requests.figures import (
    FEWEST,
    WINDOWS,
    FigureBook,
    LoopFigures,
    Middle,
    MonthClosed,
)
from portal.web.adoption.drawings import wording
from portal.web.formats import num, pct
from portal.web.listing import Link
from portal.web.request_due import business_words
from portal.web.request_words import KINDS_MANY
from reports.charts import Chart, Series, Size, stacked_bar

WIDE = Size(1160, 260)
# Styles of the series: good, quiet and dashed.
CONFIRMED, UNCONFIRMED, DECLINED = 1, 3, 4
DEFINITIONS = {
    "answer": (
        _l("By the clock, until the vendor's first word, of those that got it in this time."),
        _l("median of answered − handed in"),
    ),
    "decision": (
        _l("Until it was first planned, reproduced, declined or, without that, released."),
        _l("median of decided − handed in"),
    ),
    "release": (
        _l("Until its last release, of requests that were released in this time."),
        _l("median of released − handed in"),
    ),
    "confirmation": (
        _l("Until the customer said that it works, of requests that stand confirmed."),
        _l("median of confirmed − handed in"),
    ),
    "confirmed": (
        _l("Whoever asked, or who leads the company's requests, said that it works."),
        _l("confirmed ÷ all outcomes"),
    ),
    "reopened": (
        _l("It did not work yet, and was taken up again after its release."),
        _l("reopened ÷ all outcomes"),
    ),
    "unconfirmed": (
        _l("Nobody answered within 14 days of the release. It never counts as confirmed."),
        _l("unconfirmed ÷ all outcomes"),
    ),
}


@dataclass(frozen=True, slots=True)
class Definition:
    id: str
    text: str
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    value: str
    unit: str
    say: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class KindLine:
    name: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    headline: str
    windows: list[Link]
    times: list[Tile]
    outcomes: list[Tile]
    chart: Chart | None


def figures_page(book: FigureBook, address: Callable[..., str]) -> FiguresPage:
    """`address` makes that of another window."""
    return FiguresPage(
        headline=_headline(book.all),
        windows=[
            Link(_("%(count)s days", count=num(days)), address(days=days), days == book.days)
            for days in WINDOWS
        ],
        times=_times(book.all),
        outcomes=_outcomes(book.all),
        chart=_chart(book.months),
    )


def _headline(figures: LoopFigures) -> str:
    """What most people ask first: how long until somebody answers."""
    answer = figures.answer_hours
    if answer.value is None or not answer.enough:
        return _("How your requests go")
    return _("Half of the requests had a first answer within %(time)s", time=clock_words(answer))


def clock_words(middle: Middle) -> str:
    """Hours as 50 min, 3 h 20 min; a dash where there are too few."""
    if middle.value is None or not middle.enough:
        return "–"
    return business_words(round(middle.value * 60))


def day_words(middle: Middle) -> str:
    return "–" if middle.value is None or not middle.enough else num(middle.value, 1)


def share_words(figures: LoopFigures, count: int) -> str:
    return "–" if figures.outcomes < FEWEST else pct(figures.share(count))


def _of(n: int) -> str:
    """Of how many it tells."""
    said = ngettext("of %(count)s request", "of %(count)s requests", n, count=num(n))
    return said if n >= FEWEST else _("too little data: %(count)s", count=num(n))


def _times(figures: LoopFigures) -> list[Tile]:
    business = figures.answer_business_hours
    said = _of(figures.answer_hours.n)
    if business.enough:
        said = _("%(time)s in business hours", time=clock_words(business)) + " · " + said
    return [
        Tile(_("First answer"), clock_words(figures.answer_hours), "", said, _defined("answer")),
        _days(_("Decision"), figures.decision_days, "decision"),
        _days(_("Release"), figures.release_days, "release"),
        _days(_("Confirmation"), figures.confirmation_days, "confirmation"),
    ]


def _days(name: str, middle: Middle, key: str) -> Tile:
    unit = _("days") if middle.enough else ""
    return Tile(name, day_words(middle), unit, _of(middle.n), _defined(key))


def _defined(key: str) -> Definition:
    text, formula = DEFINITIONS[key]
    return Definition(f"figure-{key}", str(text), str(formula))


def _outcomes(figures: LoopFigures) -> list[Tile]:
    told = (
        (_("Confirmed"), figures.confirmed, "confirmed"),
        (_("Reopened"), figures.reopened, "reopened"),
        (_("Unconfirmed"), figures.unconfirmed, "unconfirmed"),
    )
    return [
        Tile(
            name,
            share_words(figures, count),
            "",
            _of_outcomes(count, figures.outcomes),
            _defined(key),
        )
        for name, count, key in told
    ]


def _of_outcomes(count: int, n: int) -> str:
    if n < FEWEST:
        return _("too little data: %(count)s", count=num(n))
    return _("%(count)s of %(all)s releases", count=num(count), all=num(n))


def kind_lines(book: FigureBook) -> list[KindLine]:
    lines = [KindLine(str(KINDS_MANY[kind]), cells(book.by_kind[kind])) for kind in Kind]
    return [*lines, KindLine(_("All"), cells(book.all))]


def cells(figures: LoopFigures) -> list[str]:
    """In the order of accounts.COLUMNS."""
    return [
        clock_words(figures.answer_hours),
        clock_words(figures.answer_business_hours),
        day_words(figures.decision_days),
        day_words(figures.release_days),
        day_words(figures.confirmation_days),
        share_words(figures, figures.confirmed),
        share_words(figures, figures.reopened),
        share_words(figures, figures.unconfirmed),
        num(figures.answer_hours.n),
        num(figures.outcomes),
    ]


def _chart(months: list[MonthClosed]) -> Chart | None:
    """None where nothing was closed in a year."""
    total = sum(one.confirmed + one.unconfirmed + one.declined for one in months)
    if not total:
        return None
    confirmed = sum(one.confirmed for one in months)
    title = _(
        "%(all)s requests were closed in twelve months; %(yes)s of them because the customer said "
        "that it works.",
        all=num(total),
        yes=num(confirmed),
    )
    return stacked_bar(
        "closed",
        title,
        [one.first for one in months],
        [
            Series(_("confirmed"), tuple(float(one.confirmed) for one in months), CONFIRMED),
            Series(_("unconfirmed"), tuple(float(one.unconfirmed) for one in months), UNCONFIRMED),
            Series(_("declined"), tuple(float(one.declined) for one in months), DECLINED),
        ],
        wording(_("Month from")),
        broad=WIDE,
    )
