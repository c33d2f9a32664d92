"""The score held against what became of contracts."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.health_model import blueprint
from portal.domain.health import Band
from portal.domain.permissions import Permission
from portal.services.health.outcomes import ENOUGH, BackTest, Outcome, Tested, back_test
from portal.web.formats import day_year, num, pct
from portal.web.guards import db, needs
from portal.web.health import BANDS, MARKS, OUTCOMES
from portal.web.prose import joined
from portal.web.spreadsheets import csv_file

COLUMNS = ("account", "name", "day", "outcome", "amount", "currency", "score_day", "score", "band")
UNKNOWN = "none"
ROWS: tuple[Band | None, ...] = (*Band, None)


@dataclass(frozen=True, slots=True)
class Cell:
    """`url` leads to the accounts behind it; empty where there are none."""

    count: str
    share: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """`mark` is empty for those without a score."""

    mark: str
    name: str
    cells: list[Cell]
    total: str


@dataclass(frozen=True, slots=True)
class TestedLine:
    key: str
    name: str
    day: str
    outcome: str
    amount: str
    mark: str
    score: str
    note: str


@dataclass(frozen=True, slots=True)
class TestPage:
    headline: str
    few: str
    read: str
    outcomes: list[str]
    rows: list[Row]
    chosen: str
    lines: list[TestedLine]
    total: int


@blueprint.get("/back-test")
@needs(Permission.HEALTH_ADMIN)
def test() -> str:
    return render_template("health_model/back_test.html", page=test_page(back_test(db()), _cell()))


@blueprint.get("/back-test.csv")
@needs(Permission.HEALTH_ADMIN)
def test_csv() -> Response:
    found = back_test(db())
    rows = [_csv_row(one) for some in found.cells.values() for one in some]
    rows.sort(key=lambda row: (str(row[2]), str(row[0])))
    return csv_file("health-back-test.csv", COLUMNS, rows)


def _cell() -> tuple[Band | None, Outcome] | None:
    """The cell whose accounts are listed; None for all of them."""
    band, outcome = request.args.get("band", ""), request.args.get("outcome", "")
    if outcome not in set(Outcome) or band not in {*Band, UNKNOWN}:
        return None
    return (None if band == UNKNOWN else Band(band)), Outcome(outcome)


def test_page(found: BackTest, chosen: tuple[Band | None, Outcome] | None) -> TestPage:
    shown = [
        one
        for place, some in found.cells.items()
        for one in some
        if chosen is None or place == chosen
    ]
    shown.sort(key=lambda one: (one.row.day, one.row.account_name), reverse=True)
    return TestPage(
        headline=_headline(found),
        few="" if found.enough else _few(found),
        read=_read(found),
        outcomes=[str(OUTCOMES[one]) for one in Outcome],
        rows=[_row(found, band, chosen) for band in ROWS if band or found.count(None)],
        chosen=_chosen(chosen, len(shown)),
        lines=[_line(one) for one in shown],
        total=found.total,
    )


def _headline(found: BackTest) -> str:
    if not found.total:
        return _("No outcome is known yet")
    return ngettext(
        "%(count)s contract, and what the score had said 90 days before",
        "%(count)s contracts, and what the score had said 90 days before",
        found.total,
        count=num(found.total),
    )


def _few(found: BackTest) -> str:
    return _(
        "Only %(count)s outcomes have a score from 90 days before. Below %(enough)s a share is "
        "mostly chance: read the accounts, not the percentages.",
        count=num(found.scored),
        enough=num(ENOUGH),
    )


def _read(found: BackTest) -> str:
    """How to read the table, on its own figures where there are any."""
    said = _(
        "Read it row by row: of the contracts whose account stood in a band 90 days before, how "
        "many went which way. A score that warns in time has few in the lower left corner (at risk "
        "and renewed) and few in the upper right (healthy and left)."
    )
    red = found.count(Band.RED)
    if not red:
        return said
    lost = red - found.count(Band.RED, Outcome.RENEWED)
    return joined(
        said,
        _(
            "Here: of %(all)s that stood at risk, %(lost)s shrank or left.",
            all=num(red),
            lost=num(lost),
        ),
    )


def _row(found: BackTest, band: Band | None, chosen: object) -> Row:
    return Row(
        mark=MARKS[band] if band else "",
        name=str(BANDS[band]) if band else _("no score then"),
        cells=list(_cells(found, band, chosen)),
        total=num(found.count(band)),
    )


def _cells(found: BackTest, band: Band | None, chosen: object) -> Iterator[Cell]:
    for outcome in Outcome:
        count = found.count(band, outcome)
        share = pct(found.share(band, outcome)) if band and count else ""
        key = band.value if band else UNKNOWN
        url = url_for("health_model.test", band=key, outcome=outcome.value, _anchor="accounts")
        yield Cell(num(count), share, url if count else "", chosen == (band, outcome))


def _chosen(chosen: tuple[Band | None, Outcome] | None, count: int) -> str:
    if chosen is None:
        return _("All of them")
    band = str(BANDS[chosen[0]]) if chosen[0] else _("no score then")
    return _(
        "%(band)s 90 days before, then %(outcome)s: %(count)s",
        band=band[:1].upper() + band[1:],
        outcome=str(OUTCOMES[chosen[1]]).lower(),
        count=num(count),
    )


def _line(one: Tested) -> TestedLine:
    amount = ""
    if one.row.amount is not None:
        amount = f"{num(one.row.amount)} {one.row.currency or ''}".strip()
    return TestedLine(
        key=one.row.account_key,
        name=one.row.account_name,
        day=day_year(one.row.day),
        outcome=str(OUTCOMES[one.row.outcome]),
        amount=amount or "–",
        mark=MARKS[one.band] if one.band else "",
        score=num(one.score),
        note=one.row.note,
    )


def _csv_row(one: Tested) -> list[object]:
    return [
        one.row.account_key,
        one.row.account_name,
        one.row.day.isoformat(),
        one.row.outcome.value,
        one.row.amount,
        one.row.currency,
        one.asked.isoformat(),
        one.score,
        one.band and one.band.value,
    ]
