"""Requests of the desk in words: time that is left, money behind one, what a card says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from flask import get_template_attribute, url_for
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
_ANY_KEY = "ANY~KEY"


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
    url: str
    code: str
    title: str
    kind: str
    state: str
    ring: Markup
    left: Left | None
    meters: Markup
    grade: str
    account: str
    who: str
    behind: str
    votes: str
    money: str
    several: bool
    judged: str
    assignee: str


def tickets(
    rows: Iterable[QueueRow], labels: Labels, now: datetime, asked: Mapping[str, Any]
) -> list[Ticket]:
    """`asked`: what their addresses carry along."""
    before, _mark, behind_it = url_for("triage.show", key=_ANY_KEY, **asked).partition(_ANY_KEY)
    return [_ticket(row, labels, now, before + row.key + behind_it) for row in rows]


def _ticket(row: QueueRow, labels: Labels, now: datetime, url: str) -> Ticket:
    family = row.accounts > 1
    who = row_of((row.account_name, _role_word(row.role, request_locale())))
    return Ticket(
        key=row.key,
        url=url,
        code=row.code,
        title=row.title,
        kind=str(KINDS[row.kind]),
        state=state_words(row.kind, row.state, labels),
        ring=small_ring(row.kind, row.state),
        left=left_of(row, now),
        meters=_meters(row.grade, request_locale()) if row.graded else Markup(),
        grade=num(priority(row.grade)),
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


def _meters(parts: tuple[Graded, ...], locale: str) -> Markup:
    return _drawn(tuple((one.part, one.value) for one in parts), num(priority(parts)), locale)


@lru_cache(maxsize=4096)
def _drawn(parts: tuple[tuple[Part, int], ...], weight: str, locale: str) -> Markup:
    """Of a board's hundred cards most are graded alike."""
    draw = get_template_attribute("triage/_ticket.html", "meters")
    words = _("Grade %(number)s", number=weight)
    return Markup(draw(words, [_meter(part, value, locale) for part, value in parts]))  # noqa: S704 # a macro of ours, which escapes


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


@cache
def _role_word(role: str, _locale: str) -> str:
    return role_word(role)


def left_of(row: Due, now: datetime) -> Left | None:
    """Until the vendor's next word is due, in business time; None where nothing is promised."""
    words, tone = time_left(row, now)
    return Left(words, tone) if words else None


def column_name(kind: Kind, state: State, labels: Labels) -> str:
    if state is State.SUBMITTED:
        return _("New")
    words = state_words(kind, state, labels)
    return _("%(state)s, to confirm", state=words) if state is State.RELEASED else words
