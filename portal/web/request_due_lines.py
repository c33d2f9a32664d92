"""Requests of which the vendor's next word is due, as a list for whoever owes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from markupsafe import Markup

from portal.domain.permissions import Permission
from portal.domain.requests import Kind, State
from portal.services.requests.due import DueRow, count_due
from portal.web.clock import request_time
from portal.web.guards import db, scope
from portal.web.request_due import time_left
from portal.web.request_words import small_ring, state_words

TRIAGE = "triage.show"
MOST_DUE = 6


@dataclass(frozen=True, slots=True)
class DueLine:
    """`left` is how long is left in business time, `mark` its shape: risk, watch or half."""

    code: str
    title: str
    url: str
    account_url: str
    account_name: str
    ring: Markup
    state: str
    assignee: str
    left: str
    mark: str


def due_lines(rows: Iterable[DueRow]) -> list[DueLine]:
    return [_line(row) for row in rows]


def more_due(shown: Sequence[DueRow]) -> int:
    """How many are not among those shown; asked only where the list is full."""
    return count_due(db()) - len(shown) if len(shown) == MOST_DUE else 0


def _account_url(key: str) -> str:
    """Empty for those who have no desk of accounts."""
    may = scope().allows(Permission.ACCOUNT_DESK)
    return url_for("desk.account", account_key=key) if may else ""


def _line(row: DueRow) -> DueLine:
    kind, state = Kind(row.kind), State(row.state)
    left, tone = time_left(row, request_time())
    return DueLine(
        code=row.code,
        title=row.title,
        url=url_for(TRIAGE, key=row.key) if TRIAGE in current_app.view_functions else "",
        account_url=_account_url(row.account_key),
        account_name=row.account_name,
        ring=small_ring(kind, state),
        state=state_words(kind, state),
        assignee=row.assignee,
        left=left,
        mark=tone or "half",
    )
