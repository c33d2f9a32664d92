"""Service levels and calendars in words, and back from what is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.requests import Severity
from portal.domain.service_level import parse_minutes
from portal.locales import babel_locale
from portal.services.requests.levels import (
    SEVERITIES,
    TIERS,
    CalendarRow,
    Dues,
    LevelText,
)
from portal.web.adoption.drawings import weekday_short
from portal.web.formats import moment
from portal.web.locale import request_locale
from portal.web.portfolio import tier_word
from portal.web.request_due import business_words
from portal.web.request_words import SEVERITIES as SEVERITY_WORDS

PARTS = ("first", "update", "solution")
UNREADABLE = -1
SENTENCES = {
    "Choose a calendar.": _l("Choose a calendar."),
    "From one minute to 2,000 hours.": _l("Write 4 h or 30 min, from one minute to 2,000 hours."),
}
Levels = Mapping[tuple[str, str], LevelText]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is promised: `name` of its field, `value` as it is typed."""

    name: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    severity: str
    calendar: Cell
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class TierLine:
    severity: str
    cells: list[str]
    calendar: str


@dataclass(frozen=True, slots=True)
class TierPart:
    key: str
    name: str
    lines: list[TierLine]


@dataclass(frozen=True, slots=True)
class CalendarLine:
    key: str
    name: str
    zone: str
    hours: list[str]
    holidays: str
    days_off: int
    used: int


def severity_word(severity: str) -> str:
    return str(SEVERITY_WORDS[Severity(severity)]) if severity else _("All others")


def tier_parts(levels: Levels, calendars: Sequence[CalendarRow]) -> list[TierPart]:
    """Only what is promised is listed; the most severe first."""
    names = {one.key: one.name for one in calendars}
    return [
        TierPart(
            tier,
            tier_word(tier),
            [
                TierLine(
                    severity_word(one), _cells(levels[tier, one]), names[levels[tier, one].calendar]
                )
                for one in (*SEVERITIES[1:], "")
                if (tier, one) in levels
            ],
        )
        for tier in TIERS
    ]


def _cells(level: LevelText) -> list[str]:
    return ["–" if one is None else business_words(one) for one in level.minutes]


def rows_of(
    tier: str, levels: Levels, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[LevelRow]:
    """The form's rows: as they are kept, or as they were typed and refused."""
    rows = []
    for severity in (*SEVERITIES[1:], ""):
        place, level = severity or "any", levels.get((tier, severity), LevelText(""))
        kept = {name: _typed(minutes) for name, minutes in zip(PARTS, level.minutes, strict=True)}
        kept["calendar"] = level.calendar

        def cell(part: str, place: str = place, kept: dict[str, str] = kept) -> Cell:
            name = f"{place}_{part}"
            said = errors.get(name, "")
            return Cell(name, typed.get(name, kept[part]), str(SENTENCES.get(said, said)))

        rows.append(LevelRow(severity_word(severity), cell("calendar"), [cell(p) for p in PARTS]))
    return rows


def _typed(minutes: int | None) -> str:
    """As English units, which every reader may type."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def read_rows(typed: Mapping[str, str]) -> dict[str, LevelText]:
    """By severity. What cannot be read is a number that the service refuses beside its field."""
    found = {}
    for severity in SEVERITIES:
        place = severity or "any"
        minutes = [_minutes(typed.get(f"{place}_{part}", "")) for part in PARTS]
        found[severity] = LevelText(typed.get(f"{place}_calendar", ""), *minutes)
    return found


def _minutes(said: str) -> int | None:
    try:
        return parse_minutes(said)
    except ValueError:
        return UNREADABLE


def calendar_lines(rows: Sequence[CalendarRow]) -> list[CalendarLine]:
    return [
        CalendarLine(
            key=row.key,
            name=row.name,
            zone=row.zone,
            hours=hours_words(row.hours),
            holidays=_country(row.holidays),
            days_off=len(row.days_off),
            used=row.used,
        )
        for row in rows
    ]


def _country(calendar: str) -> str:
    country, _dash, part = calendar.partition("-")
    if not country:
        return ""
    name = babel_locale(request_locale()).territories.get(country, country)
    return f"{name} ({part})" if part else str(name)


def hours_words(hours: Mapping[str, list[list[str]]]) -> list[str]:
    """Mon–Thu 09:00–17:00; days of the same hours in a row are said together."""
    told = [", ".join("–".join(span) for span in hours.get(str(day), [])) for day in range(7)]
    said = []
    for spans, days in groupby(range(7), key=lambda day: told[day]):
        run = list(days)
        if spans:
            first, last = weekday_short(run[0]), weekday_short(run[-1])
            said.append(f"{first if run[0] == run[-1] else f'{first}–{last}'} {spans}")
    return said


def trial_said(dues: Dues | None) -> list[tuple[str, str]]:
    """When each word is due, in the calendar's zone; nothing where nothing is promised."""
    if dues is None:
        return []
    told = (
        (_("First answer"), dues.first),
        (_("Next update, after a word now"), dues.update),
        (_("Solution"), dues.solution),
    )
    return [
        (name, _("%(moment)s (%(zone)s)", moment=moment(due, dues.zone), zone=dues.zone))
        for name, due in told
        if due is not None
    ]
