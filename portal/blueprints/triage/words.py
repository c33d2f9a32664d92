"""Requests of the desk in words: time that is left, money behind one, what a card says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from portal.domain.permissions import Role
from portal.domain.request_grading import Graded, Part, priority
from portal.domain.requests import Kind, State
from portal.services.requests.queue_rows import QueueRow
from portal.web.context import role_label
from portal.web.formats import num
from portal.web.judging_words import outcome_words
from portal.web.locale import request_locale
from portal.web.prose import row_of
from portal.web.request_due import Due, time_left
from portal.web.request_words import KINDS, PARTS, small_ring, state_words
from portal.web.revenue import money_words

Labels = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Left:
    """`tone` of a tag: risk, watch or none."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Meter:
    name: str
    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request as card and as row."""

    key: str
    code: str
    title: str
    kind: str
    state: str
    ring: Markup
    left: Left | None
    meters: list[Meter]
    grade: str
    grade_words: str
    account: str
    who: str
    behind: str
    votes: str
    money: str
    several: bool
    judged: str
    assignee: str


def ticket(row: QueueRow, labels: Labels, now: datetime) -> Ticket:
    weight = priority(row.grade)
    family = row.accounts > 1
    who = row_of(part for part in (row.account_name, role_word(row.role)) if part)
    return Ticket(
        key=row.key,
        code=row.code,
        title=row.title,
        kind=str(KINDS[row.kind]),
        state=state_words(row.kind, row.state, labels),
        ring=small_ring(row.kind, row.state),
        left=left_of(row, now),
        meters=meters(row.grade) if row.graded else [],
        grade=num(weight),
        grade_words=_("Grade %(number)s", number=num(weight)),
        account=row.account_name,
        who=row.requester,
        behind=behind(row.accounts, row.people) if family else who,
        votes=num(row.people),
        money=money_words(row.revenue),
        several=len(row.revenue) > 1,
        judged=outcome_words(row.judged),
        assignee=row.assignee,
    )


def meters(parts: tuple[Graded, ...]) -> list[Meter]:
    locale = request_locale()
    return [_meter(one.part, one.value, locale) for one in parts]


@cache
def _meter(part: Part, value: int, _locale: str) -> Meter:
    """Twenty of them in each language, of which a board shows hundreds."""
    name = str(PARTS[part])
    return Meter(name, value, _("%(part)s %(value)s of 5", part=name, value=value))


def behind(accounts: int, people: int) -> str:
    """“9 accounts, 31 votes”"""
    return row_of(
        (
            ngettext("%(num)s account", "%(num)s accounts", accounts),
            ngettext("%(num)s vote", "%(num)s votes", people),
        )
    )


def role_word(role: str) -> str:
    return role_label(Role(role)) if role in set(Role) else ""


def left_of(row: Due, now: datetime) -> Left | None:
    """Until the vendor's next word is due, in business time; None where nothing is promised."""
    words, tone = time_left(row, now)
    return Left(words, tone) if words else None


def column_name(kind: Kind, state: State, labels: Labels) -> str:
    if state is State.SUBMITTED:
        return _("New")
    words = state_words(kind, state, labels)
    return _("%(state)s, to confirm", state=words) if state is State.RELEASED else words
