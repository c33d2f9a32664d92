"""The first page of those who look after accounts: new alerts, and what is due today."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.permissions import Permission
from portal.domain.tasks import TaskState
from portal.services.alerts.listing import (
    AlertState,
    alerted_accounts,
    count_alerts,
    open_alerts,
)
from portal.services.desk import AccountQuestion, choose
from portal.services.health import latest_scores
from portal.services.portfolio import PortfolioRow, list_portfolio
from portal.services.requests.due import due_requests
from portal.services.tasks import EVERYBODY, MINE, today_tasks
from portal.services.value_reports import list_reports
from portal.web.alerts import AlertLine, alert_lines
from portal.web.cards import ReportLine, report_lines
from portal.web.clock import request_time
from portal.web.formats import num, weekday
from portal.web.guards import db, scope
from portal.web.portfolio import Line, lines
from portal.web.portfolio_definitions import define_table
from portal.web.prose import joined, spelled
from portal.web.request_due_lines import MOST_DUE, DueLine, due_lines, more_due
from portal.web.tasks import TaskLine, task_lines

MOST_ALERTS = 6
MOST_TASKS = 6
MOST_ROWS = 8
MOST_REPORTS = 4


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`more_alerts`, `more_tasks` and `more_requests` count those that are not shown."""

    kicker: str
    headline: str
    lead: str
    alerts: list[AlertLine]
    more_alerts: int
    tasks: list[TaskLine]
    more_tasks: int
    overdue: int
    requests: list[DueLine]
    more_requests: int
    accounts: list[Line]
    defined: list[dict[str, str]]
    total: int
    drafts: list[ReportLine]
    published: list[ReportLine]


def desk_page() -> DeskPage:
    rows = list_portfolio(db())
    alerts = open_alerts(db(), most=MOST_ALERTS)
    owner = EVERYBODY if scope().allows(Permission.ACCOUNT_ALL) else MINE
    tasks = today_tasks(db(), owner)
    requests = due_requests(db(), MOST_DUE)
    reports = list_reports(db())
    drafts = [one for one in reports if one.published_at is None]
    published = [one for one in reports if one.published_at]
    by_renewal = choose(rows, AccountQuestion(sort="renewal"))
    return DeskPage(
        kicker=weekday(request_time().astimezone(ZoneInfo(scope().time_zone)).date()),
        headline=headline(len(rows), len(alerted_accounts(db()))),
        lead=_lead(rows),
        alerts=alert_lines(alerts),
        more_alerts=count_alerts(db())[AlertState.OPEN] - len(alerts),
        tasks=task_lines(tasks[:MOST_TASKS]),
        more_tasks=max(len(tasks) - MOST_TASKS, 0),
        overdue=sum(1 for one in tasks if one.state is TaskState.OVERDUE),
        requests=due_lines(requests),
        more_requests=more_due(requests),
        accounts=lines(by_renewal[:MOST_ROWS], latest_scores(db())),
        defined=define_table(),
        total=len(rows),
        drafts=report_lines(drafts[:MOST_REPORTS], with_account=True),
        published=report_lines(published[:MOST_REPORTS], with_account=True),
    )


def headline(accounts: int, found: int) -> str:
    """Twelve accounts. Two need you."""
    if not accounts:
        return _("No account is in your hands yet.")
    said = ngettext("%(count)s account.", "%(count)s accounts.", accounts, count=spelled(accounts))
    if not found:
        return joined(said, _("None has an open alert."))
    return joined(
        said,
        ngettext(
            "%(count)s needs you.",
            "%(count)s need you.",
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
