"""The list of tasks: what an address asks for, tabs, filters and columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.permissions import Permission, allows
from portal.services.tasks import EVERYBODY, MINE, TaskPage, TaskQuestion, TaskRow, TaskTab
from portal.services.tasks.listing import SORTS
from portal.tenancy import Scope
from portal.web.formats import num
from portal.web.listing import DOWN, Link, Paging, SortLink, kept, paging, sort_links
from portal.web.pages import page_number
from portal.web.prose import joined, spelled
from portal.web.tasks import TaskLine, task_lines, task_title

COLUMNS = (
    *("account_key", "account_name", "kind", "owner", "due_on", "state", "snoozed_until"),
    *("snooze_reason", "done_at", "done_by", "created_at", "created_by", "rule", "note"),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: keys and names."""

    owners: list[tuple[str, str]]
    accounts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ListPage:
    headline: str
    question: TaskQuestion
    lines: list[TaskLine]
    tabs: list[Link]
    sorts: dict[str, SortLink]
    paging: Paging
    owners: list[tuple[str, str]]
    accounts: list[tuple[str, str]]
    csv_url: str
    filtered: bool
    here: str


def usual_owner(scope: Scope) -> str:
    """Who leads the team sees the team's, everybody else their own."""
    return EVERYBODY if allows(scope.role, Permission.ACCOUNT_ALL) else MINE


def read_question(asked: Mapping[str, str], scope: Scope) -> TaskQuestion:
    """Anything unknown counts as not asked."""
    tab, sort = asked.get("tab", ""), asked.get("sort", "")
    return TaskQuestion(
        tab=TaskTab(tab) if tab in set(TaskTab) else TaskTab.DUE,
        owner=asked.get("owner", "")[:40] or usual_owner(scope),
        account=asked.get("account", "")[:120],
        sort=sort if sort in SORTS else "due",
        descending=asked.get("dir") == DOWN,
        page=page_number(asked),
    )


def address(
    question: TaskQuestion, scope: Scope, endpoint: str = "tasks.index", **changes: Any
) -> str:
    values = {
        "tab": "" if question.tab is TaskTab.DUE else question.tab.value,
        "owner": "" if question.owner == usual_owner(scope) else question.owner,
        "account": question.account,
        "sort": "" if question.sort == "due" else question.sort,
        "dir": DOWN if question.descending else "",
    }
    return url_for(endpoint, **kept(values, changes))


def list_page(found: TaskPage, question: TaskQuestion, scope: Scope, choices: Choices) -> ListPage:
    def here(**changes: Any) -> str:
        return address(question, scope, **changes)

    return ListPage(
        headline=headline(found.counts),
        question=question,
        lines=task_lines(found.rows),
        tabs=_tabs(found, question, here),
        sorts=sort_links(
            SORTS, question.sort, descending=question.descending, usual="due", address=here
        ),
        paging=paging(found, len(found.rows), here),
        owners=[(MINE, _("My tasks")), (EVERYBODY, _("Everybody’s")), *choices.owners],
        accounts=choices.accounts,
        csv_url=address(question, scope, "tasks.index_csv"),
        filtered=bool(question.account) or question.owner != usual_owner(scope),
        here=here(page=question.page if question.page > 1 else ""),
    )


def headline(counts: dict[TaskTab, int]) -> str:
    """Three tasks are due. One is overdue."""
    due, late = counts[TaskTab.DUE], counts[TaskTab.OVERDUE]
    if not due and not late:
        return _("Nothing is due.")
    said = ngettext("%(count)s task is due.", "%(count)s tasks are due.", due, count=spelled(due))
    if not late:
        return said
    overdue = ngettext(
        "%(count)s task is overdue.", "%(count)s tasks are overdue.", late, count=spelled(late)
    )
    return joined(overdue, said) if due else overdue


def _tabs(found: TaskPage, question: TaskQuestion, here: Any) -> list[Link]:
    names = {
        TaskTab.DUE: _("Due"),
        TaskTab.OVERDUE: _("Overdue"),
        TaskTab.SNOOZED: _("Snoozed"),
        TaskTab.DONE: _("Done"),
    }
    return [
        Link(
            name,
            here(tab="" if tab is TaskTab.DUE else tab.value, sort="", dir=""),
            tab is question.tab,
            num(found.counts[tab]),
        )
        for tab, name in names.items()
    ]


def list_rows(rows: Iterable[TaskRow]) -> tuple[Sequence[str], list[list[object]]]:
    return ("title", *COLUMNS), [
        [task_title(row), *(getattr(row, name) for name in COLUMNS)] for row in rows
    ]
