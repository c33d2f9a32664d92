"""Numbers, shares, days and moments as the reader writes them (Babel). Template filters."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask
from flask_babel import gettext as _

from portal.locales import babel_locale
from portal.web.locale import request_locale

NO_BREAK = "\u00a0"
MINUS = "−"
Number = int | float | Decimal

# Skeletons whose order Babel settles per language: "27 November", "11月27日".
_DAY = {"en": "d MMMM", "zh": "M月d日"}
_DAY_YEAR = {"en": "d MMMM y", "zh": "y年M月d日"}
_SHORT = {"en": "d MMM", "zh": "M/d"}
_WEEKDAY = {"en": "EEEE d MMMM", "zh": "M月d日（EEE）"}


def init_formats(app: Flask) -> None:
    app.jinja_env.filters.update(
        num=num,
        pct=pct,
        signed=signed,
        day=day,
        day_year=day_year,
        day_short=day_short,
        weekday=weekday,
        moment=moment,
        local_day=local_day,
        clock=clock,
        hours=hours,
        zone_city=zone_city,
    )


def _pattern(table: dict[str, str]) -> str:
    return table["en" if request_locale() == "en" else "zh"]


def num(value: Number | None, digits: int = 0) -> str:
    """1240 → 1,240. None is a dash: not enough data is never a silent 0."""
    if value is None:
        return "–"
    return _said_number(value, digits, request_locale())


@lru_cache(maxsize=4096, typed=True)
def _said_number(value: Number, digits: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    said = numbers.format_decimal(value, format=pattern, locale=babel_locale(locale))
    return said.replace("-", MINUS)


def number_of_reader() -> Callable[[Number], str]:
    """`num` of whole numbers, for whoever says hundreds in one language."""
    return partial(_said_number, digits=0, locale=request_locale())


def day_of_reader() -> Callable[[date], str]:
    """`day_short`, likewise."""
    return partial(_said_date, pattern=_pattern(_SHORT), locale=request_locale())


def pct(share: float | None, digits: int = 0) -> str:
    """0.82 → 82 % (82% in Chinese); None → dash."""
    if share is None:
        return "–"
    space = NO_BREAK if request_locale() == "en" else ""
    return f"{num(share * 100, digits)}{space}%"


def signed(value: Number, digits: int = 0) -> str:
    """+12, −3, ±0"""
    rounded = round(float(value), digits)
    if rounded == 0:
        return "±0"
    return ("+" if rounded > 0 else "") + num(rounded, digits)


def day(value: date) -> str:
    return _date(value, _pattern(_DAY))


def day_year(value: date) -> str:
    return _date(value, _pattern(_DAY_YEAR))


def day_short(value: date) -> str:
    return _date(value, _pattern(_SHORT))


def weekday(value: date) -> str:
    return _date(value, _pattern(_WEEKDAY))


def _date(value: date, pattern: str) -> str:
    return _said_date(value, pattern, request_locale())


@lru_cache(maxsize=4096)
def _said_date(value: date, pattern: str, locale: str) -> str:
    """Kept: a page of charts says the same few hundred days many times."""
    said = str(dates.format_date(value, pattern, locale=babel_locale(locale)))
    return said.replace(" ", NO_BREAK)


def clock(value: datetime, zone: str) -> str:
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(value: datetime | None, zone: str) -> str:
    """21 November 2026, 15:04 in the zone given; None → dash."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(zone))
    joint = ", " if request_locale() == "en" else " "
    return f"{day_year(local.date())}{joint}{local:%H:%M}"


def local_day(value: datetime | None, zone: str) -> str:
    """The day of a moment in the zone given, with its year; None → dash."""
    return "–" if value is None else day_year(value.astimezone(ZoneInfo(zone)).date())


def hours(seconds: float | None) -> str:
    """5400 → 1 h 30 min; from a hundred hours on whole ones"""
    if seconds is None:
        return "–"
    minutes = round(timedelta(seconds=seconds).total_seconds() / 60)
    if minutes < 60:  # noqa: PLR2004 # an hour
        return _("%(minutes)s min", minutes=num(minutes))
    if minutes >= 6000:  # noqa: PLR2004 # a hundred hours
        return _("%(hours)s h", hours=num(minutes / 60))
    return _("%(hours)s h %(minutes)s min", hours=num(minutes // 60), minutes=minutes % 60)


def zone_city(zone: str) -> str:
    """Europe/Oslo → Oslo, in the reader's language."""
    said = dates.get_timezone_location(
        ZoneInfo(zone), locale=babel_locale(request_locale()), return_city=True
    )
    return str(said)
