"""Accounts of a portfolio in words, for the desk's list and for the home of those who own it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from portal.services.account_book import NO_ENTRY, Book, BookEntry
from portal.services.health import HealthRow, Scores
from portal.services.portfolio import PortfolioRow
from portal.web.adoption.drawings import spark
from portal.web.formats import day, day_year, num, pct, signed
from portal.web.health import HealthWords, health_words
from portal.web.prose import row_of
from portal.web.stages import stage_name
from portal.web.terms import term_name

NEAR_DAYS = 90
SILENT_DAYS = 7
TIERS = {
    "strategic": _l("Strategic"),
    "standard": _l("Standard"),
    "small": _l("Small"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An account in a table. `change` is signed, `way` is up, down or neither."""

    key: str
    name: str
    segment: str
    mau: str
    change: str
    way: str
    login: str
    spark: Markup
    renewal: str
    near: bool
    last: str
    silent: bool
    health: HealthWords
    stage: str
    csm: str
    alerts: int


def lines(rows: Iterable[PortfolioRow], scores: Scores, book: Book | None = None) -> list[Line]:
    entries = book.entries if book else {}
    return [_line(row, scores.get(row.key), entries.get(row.key, NO_ENTRY)) for row in rows]


def _line(row: PortfolioRow, score: HealthRow | None, entry: BookEntry) -> Line:
    moved = row.mau - row.mau_before
    left = days_left(row.contract_end, row.as_of)
    last = local_day(row.last_event_at, row.time_zone)
    return Line(
        key=row.key,
        name=row.name,
        segment=segment(row.tier, row.industry),
        mau=num(row.mau),
        change=signed(moved) if row.mau_before or row.mau else "",
        way="up" if moved > 0 else "down" if moved < 0 else "",
        login=pct(row.login_ratio_30d),
        spark=spark(f"spark-{row.key}", [float(week) for week in row.spark]),
        renewal=renewal_words(left),
        near=left is not None and left <= NEAR_DAYS,
        last=day(last) if last else _("never"),
        silent=last is None or (row.as_of - last).days >= SILENT_DAYS,
        health=health_words(score),
        stage=stage_name(entry.stage),
        csm=entry.csm,
        alerts=entry.alerts,
    )


def local_day(moment: datetime | None, time_zone: str) -> date | None:
    return moment.astimezone(ZoneInfo(time_zone)).date() if moment else None


def tier_word(tier: str) -> str:
    return str(TIERS.get(tier, tier))


def segment(tier: str, industry: str, region: str = "") -> str:
    """Strategic, Food, Nordics: a tier and what else is known."""
    return row_of([tier_word(tier), term_name(industry, "industry"), term_name(region, "region")])


def days_left(until: date | None, today: date) -> int | None:
    return None if until is None else (until - today).days


def renewal_words(left: int | None) -> str:
    if left is None:
        return "–"
    if left < 0:
        return ngettext("%(count)s day over", "%(count)s days over", -left, count=num(-left))
    return ngettext("%(count)s day", "%(count)s days", left, count=num(left))


def contract_words(until: date | None, today: date) -> str:
    """31 March 2027, 131 days"""
    left = days_left(until, today)
    if until is None or left is None:
        return "–"
    if left < 0:
        return _("ended on %(day)s", day=day_year(until))
    return _("%(day)s, %(days)s", day=day_year(until), days=renewal_words(left))
