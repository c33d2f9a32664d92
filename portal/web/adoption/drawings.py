"""The charts of the adoption pages."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from portal.services.adoption import Heat, Integrations, Week
from portal.services.adoption.series import DayFigures
from portal.web.formats import day, day_of_reader, num, number_of_reader
from portal.web.prose import comma
from reports.charts import Chart, Pin, Series, Size, Wording, area, bar, heat_map, sparkline

COLUMN = Size(520, 240)
FEWEST_POINTS = 3
OFFICE = range(6, 21)
SATURDAY = 5
ACTIVE_HOUR = 0.5
SHORT_WINDOW = 31
WEEK = 7


def wording(period: str) -> Wording:
    return Wording(
        day=day_of_reader(),
        number=number_of_reader(),
        period=period,
        so_far=_("{} so far"),
        reading=_("{}: {}"),
        comma=comma(),
        empty=_("No event in this time."),
        few=_("A line needs a few weeks more."),
    )


def weekly_chart(weeks: Sequence[Week], pins: Sequence[Pin] = ()) -> Chart:
    """Persons active in each week beside those set up."""
    title = weekly_finding(weeks)
    return area(
        "weekly",
        title,
        [week.first for week in weeks],
        [
            Series(_("active"), tuple(float(week.active) for week in weeks)),
            Series(_("set up"), tuple(float(week.provisioned) for week in weeks), 3),
        ],
        wording(_("Week of")),
        pins=list(pins),
    )


def weekly_finding(weeks: Sequence[Week]) -> str:
    if not weeks:
        return _("No week is over yet.")
    first, last = weeks[0], weeks[-1]
    return _(
        "%(last)s people were active in the week of %(day)s, %(first)s in the week of %(begin)s; "
        "%(all)s are set up.",
        last=num(last.active),
        day=day(last.first),
        first=num(first.active),
        begin=day(first.first),
        all=num(last.provisioned),
    )


def calls_chart(found: Integrations) -> Chart:
    """Integration calls: by day in a short window, by week in a long one."""
    days, values, period = _calls(found)
    title = _calls_title(found)
    return bar("calls", title, days, Series(_("calls"), values), wording(period), broad=COLUMN)


def _calls_title(found: Integrations) -> str:
    name, calls = found.names[0] if found.names else ("", 0)
    if name and calls == found.calls:
        return _(
            "%(calls)s calls by integrations, all of them by %(name)s.", calls=num(calls), name=name
        )
    if name and calls > found.calls / 2:
        return _(
            "%(calls)s calls by integrations, most of them by %(name)s.",
            calls=num(found.calls),
            name=name,
        )
    return _("%(calls)s calls by integrations.", calls=num(found.calls))


def _calls(found: Integrations) -> tuple[list[date], tuple[float, ...], str]:
    rows = found.days
    if len(rows) <= SHORT_WINDOW:
        return [one.day for one in rows], tuple(float(one.calls) for one in rows), _("Day")
    start = len(rows) % WEEK
    groups = [rows[at : at + WEEK] for at in range(start, len(rows), WEEK)]
    return (
        [group[0].day for group in groups],
        tuple(float(sum(one.calls for one in group)) for group in groups),
        _("Week of"),
    )


def hours_chart(heat: Heat) -> Chart | None:
    """Weekday by hour; None where nobody was active. Weekends without use are left out."""
    if heat.busiest is None:
        return None
    weekend = any(max(row) >= ACTIVE_HOUR for row in heat.cells[SATURDAY:])
    shown = range(WEEK if weekend else SATURDAY)
    return heat_map(
        "hours",
        hours_finding(heat),
        rows=[weekday_short(row) for row in shown],
        columns=[f"{hour}:00" for hour in OFFICE],
        values=[[round(heat.cells[row][hour], 1) for hour in OFFICE] for row in shown],
        wording=wording(_("Weekday")),
        broad=COLUMN,
    )


def hours_finding(heat: Heat) -> str:
    if heat.busiest is None:
        return _("No event in this time.")
    weekday, hour = heat.busiest
    return _(
        "Most people work on %(weekday)s at %(hour)s:00: %(count)s on average.",
        weekday=weekday_name(weekday),
        hour=hour,
        count=num(heat.cells[weekday][hour]),
    )


def weekday_name(weekday: int) -> str:
    """0 is Monday."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )[weekday]


def weekday_short(weekday: int) -> str:
    """0 is Monday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[weekday]


def spark(key: str, values: Sequence[float], unit: str = "") -> Markup:
    """The course of a figure; nothing where there are too few points to show one."""
    if len(values) < FEWEST_POINTS:
        return Markup("")
    title = _(
        "From %(first)s to %(last)s", first=num(values[0]) + unit, last=num(values[-1]) + unit
    )
    return sparkline(key, title, list(values)).svg_broad


def daily_spark(days: Sequence[DayFigures], name: str) -> Markup:
    """One of dau, wau, mau, events or, where it is known of every day, time_online_seconds."""
    return spark(f"spark-{name}", [float(getattr(one, name)) for one in days])
