"""The list of alerts: what an address asks for, tabs, filters and columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from portal.domain.early_warning import Rule
from portal.services.alerts.listing import (
    SORTS,
    AlertPage,
    AlertQuestion,
    AlertRow,
    AlertState,
)
from portal.web.alerts import RULE_NAMES, AlertLine, alert_lines, evidence_sentence
from portal.web.formats import num
from portal.web.listing import DOWN, Link, Paging, SortLink, kept, paging, sort_links
from portal.web.pages import page_number
from portal.web.prose import spelled

COLUMNS = (
    *("account_key", "account_name", "rule", "gravity", "state", "opened_on", "last_seen_on"),
    *("closed_on", "ended", "close_reason", "snoozed_until", "snooze_reason"),
)


@dataclass(frozen=True, slots=True)
class ListPage:
    headline: str
    lead: str
    question: AlertQuestion
    lines: list[AlertLine]
    tabs: list[Link]
    sorts: dict[str, SortLink]
    paging: Paging
    rules: list[tuple[str, str]]
    accounts: list[tuple[str, str]]
    csv_url: str
    filtered: bool


def read_question(asked: Mapping[str, str]) -> AlertQuestion:
    """Anything unknown counts as not asked."""
    state, rule, sort = (asked.get(name, "") for name in ("state", "rule", "sort"))
    return AlertQuestion(
        state=AlertState(state) if state in set(AlertState) else AlertState.OPEN,
        account=asked.get("account", "")[:120],
        rule=rule if rule in set(Rule) else "",
        sort=sort if sort in SORTS else "gravity",
        descending=asked.get("dir") == DOWN,
        page=page_number(asked),
    )


def address(question: AlertQuestion, endpoint: str = "alerts.index", **changes: Any) -> str:
    values = {
        "state": "" if question.state is AlertState.OPEN else question.state.value,
        "account": question.account,
        "rule": question.rule,
        "sort": "" if question.sort == "gravity" else question.sort,
        "dir": DOWN if question.descending else "",
    }
    return url_for(endpoint, **kept(values, changes))


def list_page(
    found: AlertPage, question: AlertQuestion, accounts: list[tuple[str, str]]
) -> ListPage:
    def here(**changes: Any) -> str:
        return address(question, **changes)

    return ListPage(
        headline=headline(found.counts),
        lead=_("Raised by the rules of early warning, after each account’s midnight."),
        question=question,
        lines=alert_lines(found.rows),
        tabs=_tabs(found, question),
        sorts=sort_links(
            SORTS, question.sort, descending=question.descending, usual="gravity", address=here
        ),
        paging=paging(found, len(found.rows), here),
        rules=[(rule.value, str(RULE_NAMES[rule])) for rule in Rule],
        accounts=accounts,
        csv_url=address(question, "alerts.index_csv"),
        filtered=bool(question.account or question.rule),
    )


def headline(counts: dict[AlertState, int]) -> str:
    count = counts[AlertState.OPEN]
    if not count:
        return _("No alert is open.")
    return ngettext(
        "%(count)s alert is open.", "%(count)s alerts are open.", count, count=spelled(count)
    )


def _tabs(found: AlertPage, question: AlertQuestion) -> list[Link]:
    names = {
        AlertState.OPEN: pgettext("alerts", "Open"),
        AlertState.SNOOZED: _("Snoozed"),
        AlertState.CLOSED: _("Closed"),
    }
    return [
        Link(
            name,
            address(
                question, state="" if state is AlertState.OPEN else state.value, sort="", dir=""
            ),
            state is question.state,
            num(found.counts[state]),
        )
        for state, name in names.items()
    ]


def list_rows(rows: Iterable[AlertRow]) -> tuple[Sequence[str], list[list[object]]]:
    return (*COLUMNS, "evidence"), [
        [*(getattr(row, name) for name in COLUMNS), evidence_sentence(row.rule, row.latest)]
        for row in rows
    ]
