"""Accounts of a portfolio in words, for the desk's list and for the home of those who own it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from portal.domain.attention import SILENT_DAYS, Kind
from portal.services.desk import Concern, standing_of
from portal.services.portfolio import PortfolioRow
from portal.web.adoption.drawings import spark
from portal.web.formats import day, day_year, num, pct, signed
from portal.web.prose import joined, row_of

NEAR_DAYS = 90
TIERS = {
    "strategic": _l("Strategic"),
    "standard": _l("Standard"),
    "small": _l("Small"),
}
# Shape and colour of each reason.
MARKS = {Kind.SILENCE: "risk", Kind.DROP: "risk", Kind.LOW: "watch", Kind.RENEWAL: "watch"}


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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an account is looked at first: a word with its shape, a sentence, and the numbers."""

    key: str
    mark: str
    word: str
    title: str
    words: str
    spark: Markup


def lines(rows: Iterable[PortfolioRow]) -> list[Line]:
    return [_line(row) for row in rows]


def _line(row: PortfolioRow) -> Line:
    moved = row.mau - row.mau_before
    left = days_left(row.contract_end, row.as_of)
    last = standing_of(row).last_day
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
    )


def tier_word(tier: str) -> str:
    return str(TIERS.get(tier, tier))


def segment(*parts: str) -> str:
    """Strategic, food, north: a tier and what else is known."""
    return row_of([tier_word(parts[0]), *parts[1:]])


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


def reasons(found: Iterable[Concern]) -> list[Reason]:
    return [_reason(one) for one in found]


def concern_words(one: Concern) -> str:
    """The reason in one sentence, for the page of the account itself."""
    if one.kind is Kind.DROP:
        return _(
            "Last week %(now)s people were active, against %(before)s on average in the four "
            "weeks before.",
            now=num(one.standing.weeks[-1]),
            before=num(one.standing.mean_before),
        )
    return SENTENCES[one.kind](one)[1]


def _reason(one: Concern) -> Reason:
    title, words = SENTENCES[one.kind](one)
    weeks = [float(week) for week in one.standing.weeks]
    return Reason(
        key=one.key,
        mark=MARKS[one.kind],
        word=_word(one.kind),
        title=_("%(account)s: %(what)s", account=one.name, what=title),
        words=words,
        spark=spark(f"why-{one.key}", weeks),
    )


def _word(kind: Kind) -> str:
    return {
        Kind.SILENCE: _("Silence"),
        Kind.DROP: _("Use fell"),
        Kind.LOW: _("Little use"),
        Kind.RENEWAL: _("Renewal"),
    }[kind]


def _silence(one: Concern) -> tuple[str, str]:
    if one.standing.last_day is None:
        return _("no event yet"), _with_renewal(
            _("%(all)s people are set up.", all=num(one.standing.provisioned)), one
        )
    days = (one.standing.as_of - one.standing.last_day).days
    return (
        ngettext(
            "no event for %(count)s day", "no event for %(count)s days", days, count=num(days)
        ),
        _with_renewal(
            _(
                "The last one came on %(day)s; %(all)s people are set up.",
                day=day(one.standing.last_day),
                all=num(one.standing.provisioned),
            ),
            one,
        ),
    )


def _drop(one: Concern) -> tuple[str, str]:
    return (
        _("use fell by %(share)s in a week", share=pct(one.standing.fall)),
        _with_renewal(
            _(
                "%(now)s people against a mean of %(mean)s in the four weeks before.",
                now=num(one.standing.weeks[-1]),
                mean=num(one.standing.mean_before),
            ),
            one,
        ),
    )


def _low(one: Concern) -> tuple[str, str]:
    return (
        _("few people come"),
        _with_renewal(
            _(
                "%(now)s of %(all)s people set up were active last week.",
                now=num(one.standing.weeks[-1]),
                all=num(one.standing.provisioned),
            ),
            one,
        ),
    )


def _renewal(one: Concern) -> tuple[str, str]:
    left = one.standing.days_left or 0
    title = (
        _("the contract has ended")
        if left < 0
        else _("renewal in %(days)s", days=renewal_words(left))
    )
    return title, _(
        "%(mau)s people active in 30 days, %(change)s on the 30 days before.",
        mau=num(one.mau),
        change=signed(one.mau - one.mau_before),
    )


def _with_renewal(said: str, one: Concern) -> str:
    """The sentence, and the renewal where that is near."""
    left = one.standing.days_left
    if left is None or not 0 <= left <= NEAR_DAYS:
        return said
    return joined(said, _("Renewal in %(days)s.", days=renewal_words(left)))


SENTENCES: dict[Kind, Callable[[Concern], tuple[str, str]]] = {
    Kind.SILENCE: _silence,
    Kind.DROP: _drop,
    Kind.LOW: _low,
    Kind.RENEWAL: _renewal,
}
