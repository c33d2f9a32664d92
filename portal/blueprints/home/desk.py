"""The first page of those who look after accounts: which of them to look at first."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.desk import AccountQuestion, choose, concerns
from portal.services.portfolio import PortfolioRow, list_portfolio
from portal.services.value_reports import list_reports
from portal.web.cards import ReportLine, report_lines
from portal.web.clock import request_time
from portal.web.formats import num, weekday
from portal.web.guards import db, scope
from portal.web.portfolio import Line, Reason, lines, reasons
from portal.web.prose import joined, spelled

MOST_REASONS = 6
MOST_ROWS = 8
MOST_REPORTS = 4


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`more` counts the reasons that are not shown."""

    kicker: str
    headline: str
    lead: str
    reasons: list[Reason]
    more: int
    accounts: list[Line]
    total: int
    drafts: list[ReportLine]
    published: list[ReportLine]


def desk_page() -> DeskPage:
    rows = list_portfolio(db())
    found = concerns(rows)
    shown = reasons(found[:MOST_REASONS])
    reports = list_reports(db())
    drafts = [one for one in reports if one.published_at is None]
    published = [one for one in reports if one.published_at]
    by_renewal = choose(rows, AccountQuestion(sort="renewal"))
    return DeskPage(
        kicker=weekday(request_time().astimezone(ZoneInfo(scope().time_zone)).date()),
        headline=headline(len(rows), len(found)),
        lead=_lead(rows),
        reasons=shown,
        more=len(found) - len(shown),
        accounts=lines(by_renewal[:MOST_ROWS]),
        total=len(rows),
        drafts=report_lines(drafts[:MOST_REPORTS], with_account=True),
        published=report_lines(published[:MOST_REPORTS], with_account=True),
    )


def headline(accounts: int, found: int) -> str:
    """Twelve accounts. Two need you this week."""
    if not accounts:
        return _("No account is in your hands yet.")
    said = ngettext("%(count)s account.", "%(count)s accounts.", accounts, count=spelled(accounts))
    if not found:
        return joined(said, _("None needs you this week."))
    return joined(
        said,
        ngettext(
            "%(count)s needs you this week.",
            "%(count)s need you this week.",
            found,
            count=spelled(found),
        ),
    )


def _lead(rows: list[PortfolioRow]) -> str:
    """All people active in the month, against the month before."""
    if not rows:
        return _("As soon as an administrator gives you an account, it stands here.")
    now, before = sum(row.mau for row in rows), sum(row.mau_before for row in rows)
    if now == before:
        return _("%(now)s people were active in 30 days, as many as before.", now=num(now))
    said = (
        _("%(now)s people were active in 30 days, %(more)s more than before.")
        if now > before
        else _("%(now)s people were active in 30 days, %(more)s fewer than before.")
    )
    return said % {"now": num(now), "more": num(abs(now - before))}
