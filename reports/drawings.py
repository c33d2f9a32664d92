"""The report's charts, drawn from its snapshot for a page or for print."""

from datetime import date
from typing import NamedTuple

from reports import sentences
from reports.charts import Chart, Series, Size, Wording, area, bar
from reports.model import Snapshot
from reports.words import Words


class Sheet(NamedTuple):
    """What a drawing is made for: how wide its column is and whether a pointer reads it."""

    wide: int
    hover: bool


PAGE, PRINT = Sheet(840, hover=True), Sheet(660, hover=False)


def _wording(words: Words) -> Wording:
    return Wording(
        day=words.short_day,
        number=words.number,
        period=words.gettext("Week of"),
        so_far=words.gettext("%(period)s, so far", period="{}"),
        reading=words.gettext("{}: {}"),
        comma=words.comma,
        empty=words.gettext("There are no figures for this period."),
        few=words.gettext("A line begins with the sixth week."),
    )


def weekly_use(snapshot: Snapshot, words: Words, sheet: Sheet) -> Chart | None:
    """Active persons against persons set up and the period before; None without any week."""
    weeks = snapshot.weeks
    if not weeks:
        return None
    series = [
        Series(words.gettext("active"), tuple(one.active for one in weeks)),
        Series(words.gettext("set up"), tuple(one.provisioned for one in weeks), style=3),
    ]
    before = _aligned(snapshot)
    if any(value is not None for value in before):
        series.insert(1, Series(words.gettext("period before"), before, style=2))
    return area(
        "report-use",
        sentences.weekly_use(snapshot, words),
        [one.monday for one in weeks],
        series,
        _wording(words),
        summary=sentences.weekly_use_summary(snapshot, words),
        partial=not weeks[-1].complete,
        hover=sheet.hover,
        broad=Size(sheet.wide, 250),
        slim=Size(354, 220),
    )


def _aligned(snapshot: Snapshot) -> tuple[int | None, ...]:
    """The period before, week by week under this one; the shorter one leaves its end open."""
    before = [one.active for one in snapshot.weeks_before][-len(snapshot.weeks) :]
    return tuple(before + [None] * (len(snapshot.weeks) - len(before)))


def calls_by_week(snapshot: Snapshot, words: Words, sheet: Sheet) -> Chart | None:
    """Integration calls; None where no week is known."""
    days: list[date] = [one.monday for one in snapshot.calls]
    values = tuple(one.calls for one in snapshot.calls)
    if all(value is None for value in values):
        return None
    return bar(
        "report-calls",
        sentences.calls_made(snapshot, words),
        days,
        Series(words.gettext("Calls"), values),
        _wording(words),
        summary=words.gettext("Calls by integrations, week by week."),
        partial=not snapshot.calls[-1].complete,
        hover=sheet.hover,
        broad=Size(sheet.wide, 210),
        slim=Size(354, 200),
    )
