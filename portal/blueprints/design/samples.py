"""Invented figures for the style guide: the same each time, from no database."""

from dataclasses import dataclass
from datetime import date, timedelta

from reports.charts import (
    Chart,
    Pin,
    Series,
    Size,
    Wording,
    area,
    bar,
    heat_map,
    line,
    progress,
    sparkline,
    stacked_bar,
)

COLUMN = Size(520, 240)
ACTIVE = (41, 58, 66, 79, 84, 71, 58, 55, 60, 78, 92, 101, 118, 129, 136, 141, 148, 152, 155, 158)
SET_UP = (96, 96, 104, 104, 112, 112, 112, 112, 112, 140, 140, 148, 208, 208, 214, 214, 220, 226)
CALLS = (4, 5, 5, 6, 6, 8, 9, 11, 24, 27, 30, 31, 33)
HOURS = (
    (0, 6, 22, 31, 28, 9, 20, 24, 12, 8, 2, 0),
    (5, 18, 88, 55, 41, 12, 30, 46, 26, 14, 7, 0),
    (0, 9, 52, 44, 30, 10, 24, 28, 20, 6, 0, 0),
    (0, 8, 49, 40, 26, 9, 22, 25, 15, 7, 0, 0),
    (0, 7, 24, 27, 20, 6, 12, 10, 6, 0, 0, 0),
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
WORDING = Wording(day=lambda day: f"{day.day} {day:%b}", period="Week of")


@dataclass(frozen=True)
class Sample:
    """A chart with its name and when to use it."""

    name: str
    use: str
    drawing: Chart


@dataclass(frozen=True)
class Samples:
    trend: Chart
    charts: list[Sample]
    goals: list[tuple[str, str, Chart]]
    sparks: list[Chart]


def _weeks(count: int) -> list[date]:
    return [date(2026, 6, 1) + timedelta(weeks=i) for i in range(count)]


def _pick(values: tuple[int, ...], count: int) -> tuple[float | None, ...]:
    return tuple(float(value) for value in values[:count])


def show_samples() -> Samples:
    return Samples(_trend(), [*_lines(), *_bars(), _heat()], _goals(), _sparks())


def _trend() -> Chart:
    weeks = _weeks(18)
    return area(
        "sample-trend",
        "Active people rose from 41 in the week of 1 June to 152 in the week of 28 September.",
        weeks,
        [Series("active", _pick(ACTIVE, 18)), Series("set up", _pick(SET_UP, 18), 3)],
        WORDING,
        pins=[Pin(weeks[0], 1), Pin(weeks[12], 2)],
    )


def _lines() -> list[Sample]:
    gap = (*_pick(ACTIVE, 5), None, None, *_pick(ACTIVE, 13)[7:])
    few = Wording(day=WORDING.day, few="A trend appears after six weeks.")
    bare = Wording(day=WORDING.day, empty="No event has arrived yet.")
    return [
        Sample(
            "Missing days",
            "The line breaks where nothing is known; a partial last period is dotted.",
            _column(
                "sample-gap", "Two weeks of data are missing in July.", gap, WORDING, partial=True
            ),
        ),
        Sample(
            "Too little data",
            "The points there are, and when the trend begins.",
            _column("sample-few", "Four weeks of data so far.", _pick(ACTIVE, 4), few),
        ),
        Sample(
            "Empty",
            "Axes and one sentence.",
            _column("sample-none", "No data yet.", (None,) * 6, bare),
        ),
    ]


def _column(
    key: str,
    title: str,
    values: tuple[float | None, ...],
    wording: Wording,
    *,
    partial: bool = False,
) -> Chart:
    weeks = _weeks(len(values))
    return line(
        key, title, weeks, [Series("active", values)], wording, partial=partial, broad=COLUMN
    )


def _bars() -> list[Sample]:
    weeks = _weeks(13)
    calls = Series("thousand calls", _pick(CALLS, 13))
    by_hand = Series("by hand", _pick(tuple(40 - value for value in CALLS), 13), 2)
    return [
        Sample(
            "Bars",
            "Counts per period.",
            bar(
                "sample-bar",
                "Calls by integrations rose from 4 to 33 thousand a week.",
                weeks,
                calls,
                WORDING,
                note=(weeks[8], "connector live"),
            ),
        ),
        Sample(
            "Stacked bars",
            "Parts of a whole; four at most.",
            stacked_bar(
                "sample-stack",
                "The connector has taken over most of the data entry.",
                weeks,
                [calls, by_hand],
                WORDING,
            ),
        ),
    ]


def _heat() -> Sample:
    return Sample(
        "Heat map",
        "Weekday by hour in five steps.",
        heat_map(
            "sample-heat",
            "Most work is done on Tuesday at 9.",
            rows=WEEKDAYS,
            columns=[str(hour) for hour in range(7, 19)],
            values=HOURS,
            wording=WORDING,
        ),
    )


def _goals() -> list[tuple[str, str, Chart]]:
    days = Wording(number=lambda value: f"{value:g} days")
    plain = Wording(number=lambda value: f"{value:,.0f} h")
    return [
        (
            "Close the month in four working days",
            "Cost. From 9 in March to 4 by 31 March 2027.",
            progress(
                "sample-goal-1",
                "5.5 days now; 4 are the goal.",
                baseline=9,
                now=5.5,
                target=4,
                wording=days,
            ),
        ),
        (
            "Save 1,500 hours of handwork a month",
            "Cost. Nothing has been read yet.",
            progress(
                "sample-goal-2",
                "No reading yet; 1,500 hours are the goal.",
                baseline=0,
                now=None,
                target=1500,
                wording=plain,
            ),
        ),
    ]


def _sparks() -> list[Chart]:
    rising, level = _pick(ACTIVE, 12), (31, 32, 31, 33, 32, 32, 31, 31, 30, 31, 30, 30)
    return [
        sparkline("sample-spark-1", "From 41 to 101.", rising),
        sparkline("sample-spark-2", "Steady at about 31.", level),
        sparkline(
            "sample-spark-3", "Two weeks are missing.", (*rising[:5], None, None, *rising[7:])
        ),
        sparkline("sample-spark-4", "No data.", ()),
    ]
