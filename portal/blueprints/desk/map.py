"""The accounts as a map: health against the days to the renewal."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.health import USUAL_BANDS, Band
from portal.services.desk import AccountPage
from portal.services.health import HealthRow
from portal.services.portfolio import PortfolioRow
from portal.web.formats import num
from portal.web.health import BANDS, MARKS
from portal.web.portfolio import days_left, renewal_words
from portal.web.prose import joined
from reports.charts import Chart, Mark, OutlookWording, outlook

MOST_MARKS = 300
MOST_BESIDE = 24
URGENCY = (Band.RED, Band.YELLOW, Band.GREEN)


@dataclass(frozen=True, slots=True)
class MapPage:
    """`beside`: accounts without a score or an end, each with what it lacks; `more` of them are
    not listed.
    """

    chart: Chart
    said: str
    crowd: str
    beside: list[tuple[str, str, str]]
    more: int


@dataclass(frozen=True, slots=True)
class _Placed:
    row: PortfolioRow
    score: int
    band: Band
    days: int


def map_page(found: AccountPage) -> MapPage:
    placed = [one for row in found.rows if (one := _place(row, found.scores.get(row.key)))]
    placed.sort(key=lambda one: (URGENCY.index(one.band), one.days, one.score))
    shown, rest = placed[:MOST_MARKS], placed[MOST_MARKS:]
    by_money = _by_money(found, shown)
    there = {one.row.key for one in placed}
    beside = [_lacks(row, found) for row in found.rows if row.key not in there]
    return MapPage(
        chart=_chart(found, shown, rest, by_money=by_money),
        said=_said(by_money=by_money),
        crowd=_crowd(len(shown), len(rest)),
        beside=beside[:MOST_BESIDE],
        more=max(len(beside) - MOST_BESIDE, 0),
    )


def size_of_map(page: MapPage) -> int:
    """In bytes, about: its drawings, and their rows as a table."""
    drawn = len(page.chart.svg_broad) + len(page.chart.svg_slim)
    return 2 * drawn + 600 * len(page.chart.rows)


def _place(row: PortfolioRow, score: HealthRow | None) -> _Placed | None:
    days = days_left(row.contract_end, row.as_of)
    if score is None or score.score is None or score.band is None or days is None:
        return None
    return _Placed(row, score.score, score.band, days)


def _by_money(found: AccountPage, shown: Sequence[_Placed]) -> bool:
    """Where most amounts are known, all in one currency: sums of several cannot be compared."""
    known = [found.book.entries[one.row.key] for one in shown if one.row.key in found.book.entries]
    paid = [one for one in known if one.arr is not None]
    return len(paid) * 2 > len(shown) and len({one.currency for one in paid}) == 1


def _chart(
    found: AccountPage, shown: Sequence[_Placed], rest: Sequence[_Placed], *, by_money: bool
) -> Chart:
    size = _("Amount a year") if by_money else _("Seats")
    return outlook(
        "outlook",
        _finding([*shown, *rest]),
        [_mark(one, _weight(found, one, by_money=by_money)) for one in shown],
        OutlookWording(
            days=lambda days: ngettext("%(num)s day", "%(num)s days", days),
            many=lambda count: ngettext("%(num)s account", "%(num)s accounts", count),
            today=_("today"),
            axis=_("to the renewal"),
            near=_("90 days"),
            empty=_("No account here has both a health score and an end of its contract."),
            head=(_("Account"), _("Health"), _("Band"), _("Renewal in"), size),
        ),
        rest=[(one.days, one.score) for one in rest],
        bands=(USUAL_BANDS.green, USUAL_BANDS.yellow),
        summary=_(
            "The lower a mark, the worse its health; the further right, the sooner it renews."
        ),
    )


def _weight(found: AccountPage, one: _Placed, *, by_money: bool) -> float | None:
    entry = found.book.entries.get(one.row.key)
    if by_money:
        return None if entry is None or entry.arr is None else float(entry.arr)
    return one.row.seats


def _mark(one: _Placed, weight: float | None) -> Mark:
    band, left = str(BANDS[one.band]), renewal_words(one.days)
    words = _(
        "%(account)s: health %(score)s, %(band)s; renewal: %(days)s",
        account=one.row.name,
        score=num(one.score),
        band=band,
        days=left,
    )
    size = "–" if weight is None else num(weight)
    return Mark(
        one.row.name,
        one.days,
        one.score,
        MARKS[one.band],
        weight,
        url_for("desk.account", account_key=one.row.key),
        words,
        (one.row.name, num(one.score), band, left, size),
    )


def _finding(placed: Sequence[_Placed]) -> str:
    urgent = [one for one in placed if one.band is not Band.GREEN and one.days <= 90]  # noqa: PLR2004 # the last quarter before the end
    if not urgent:
        return _("Every account that renews within 90 days is healthy, or none does.")
    return ngettext(
        "%(num)s account that renews within 90 days is not healthy.",
        "%(num)s accounts that renew within 90 days are not healthy.",
        len(urgent),
    )


def _said(*, by_money: bool) -> str:
    size = (
        _("The bigger the mark, the bigger the contract.")
        if by_money
        else _("The bigger the mark, the more seats.")
    )
    return joined(_("What is low and far right needs a plan now."), size)


def _crowd(shown: int, rest: int) -> str:
    if not rest:
        return ""
    return _(
        "%(shown)s of %(all)s accounts have a mark: the worst first, then the soonest renewals. "
        "The others darken the cell that they are in. Filter to see each of them.",
        shown=num(shown),
        all=num(shown + rest),
    )


def _lacks(row: PortfolioRow, found: AccountPage) -> tuple[str, str, str]:
    score = found.scores.get(row.key)
    unscored = score is None or score.score is None
    if unscored and row.contract_end is None:
        words = _("no score and no end")
    elif unscored:
        words = _("no score yet")
    else:
        words = _("no end of the contract")
    return row.name, url_for("desk.account", account_key=row.key), words
