"""One request in hand: everything that its page shows beside the forms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.blueprints.triage.asking import Asked, address, queue_values
from portal.blueprints.triage.happened import Step, steps
from portal.blueprints.triage.words import (
    Labels,
    Left,
    Meter,
    left_of,
    meters,
    role_word,
)
from portal.domain.permissions import Permission
from portal.domain.request_grading import priority
from portal.domain.requests import Kind, Move, State, Visibility
from portal.services.requests.acts import UNSORTED
from portal.services.requests.desk_page import DeskView
from portal.services.requests.judging import Judged
from portal.services.requests.neighbours import Neighbours
from portal.services.requests.showing import RequestView
from portal.web.formats import moment, num
from portal.web.guards import scope
from portal.web.judging_words import judged_answers, outcome_words
from portal.web.prose import row_of
from portal.web.request_words import (
    ANSWERS,
    CHANNELS,
    EFFECTS,
    FIELD_LABELS,
    KINDS,
    SEVERITIES,
    small_ring,
    state_words,
)
from portal.web.revenue import money_words
from portal.web.trackers import tracker_words


@dataclass(frozen=True, slots=True)
class Way:
    """A state that it may go to; `owed`: with a reason."""

    to: str
    words: str
    owed: bool


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A part of the grade; `why` where somebody has set it."""

    part: str
    meter: Meter
    why: str
    given: bool


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A judgement of a change: what it came to, who gave it when, and each answer."""

    outcome: str
    meta: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands in the queue that it was opened from, and in which zone it is read."""

    asked: Asked
    beside: Neighbours
    zone: str


@dataclass(frozen=True, slots=True)
class DetailPage:
    view: RequestView
    desk: DeskView
    kicker: str
    state: str
    ring: Any
    left: Left | None
    told: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    figures: list[tuple[str, str]]
    ways: list[Way]
    releases: bool
    sortable: bool
    grade: str
    parts: list[GradeLine]
    steps: list[Step]
    voters: list[tuple[str, str]]
    said: list[tuple[str, str]]
    dues: list[tuple[str, str]]
    shared_url: str
    tracker: str
    heard: str
    judged: list[JudgedLine]
    asked: dict[str, Any]
    queue_url: str
    before_url: str
    after_url: str


def detail_page(
    view: RequestView, desk: DeskView, labels: Labels, now: datetime, place: Place
) -> DetailPage:
    zone = place.zone
    return DetailPage(
        view=view,
        desk=desk,
        kicker=_kicker(view, desk, zone),
        state=state_words(view.kind, view.state, labels),
        ring=small_ring(view.kind, view.state),
        left=left_of(desk, now),
        told=[(str(FIELD_LABELS.get(name, name)), text) for name, text in view.told.items()],
        facts=_facts(view, desk),
        figures=_figures(desk),
        ways=[_way(one, view.kind, labels) for one in view.moves],
        releases=any(one.to is State.RELEASED for one in view.moves),
        sortable=view.state.value in UNSORTED,
        grade=num(priority(desk.grade)),
        parts=_parts(desk, zone),
        steps=steps(view.happened, desk, view.kind, labels, zone),
        voters=_voters(desk),
        said=[(one.who, row_of((str(ANSWERS[one.answer]), one.reason))) for one in view.said],
        dues=_dues(desk, zone),
        shared_url=_shared_url(view),
        tracker=tracker_words(desk.tracker),
        judged=[_judged(one, zone) for one in desk.judged],
        asked=queue_values(place.asked),
        queue_url=address(place.asked),
        before_url=_beside(place.asked, place.beside.before),
        after_url=_beside(place.asked, place.beside.after),
        heard=moment(desk.tracker.heard_at, zone) if desk.tracker and desk.tracker.heard_at else "",
    )


def _beside(asked: Asked, key: str) -> str:
    return url_for("triage.show", key=key, **queue_values(asked)) if key else ""


def _kicker(view: RequestView, desk: DeskView, zone: str) -> str:
    who = row_of((view.requester, role_word(desk.requester_role), view.account_name))
    return _(
        "%(kind)s, told by %(who)s on %(when)s",
        kind=KINDS[view.kind],
        who=who,
        when=moment(view.created_at, zone),
    )


def _way(move: Move, kind: Kind, labels: Labels) -> Way:
    return Way(move.to.value, state_words(kind, move.to, labels), move.reason)


def _facts(view: RequestView, desk: DeskView) -> list[tuple[str, str]]:
    severities: dict[str, Any] = {one.value: words for one, words in SEVERITIES.items()}
    effects: dict[str, Any] = {one.value: words for one, words in EFFECTS.items()}
    channels: dict[str, Any] = {one.value: words for one, words in CHANNELS.items()}
    by = _("%(channel)s, by %(who)s", channel=channels[view.channel], who=view.by)
    facts = [
        (_("Account"), view.account_name),
        (_("Who reads it"), _readers(view.visibility)),
        (_("Came by"), by if view.by else str(channels[view.channel])),
        (_("Severity"), str(severities.get(view.severity, ""))),
        (_("Effect"), str(effects.get(view.effect, ""))),
        (_("Assigned to"), desk.assignee or _("Nobody’s")),
    ]
    return [(name, value) for name, value in facts if value]


def _readers(visibility: Visibility) -> str:
    if visibility is Visibility.PRIVATE:
        return _("Only the requester and we")
    return _("Everybody of the account")


def _figures(desk: DeskView) -> list[tuple[str, str]]:
    """Three that are never made into one."""
    return [
        (_("People"), num(desk.people)),
        (_("Accounts"), num(desk.accounts)),
        (_("Revenue behind it"), money_words(desk.revenue) or "–"),
    ]


def _parts(desk: DeskView, zone: str) -> list[GradeLine]:
    lines = []
    for one, meter in zip(desk.grade, meters(desk.grade), strict=True):
        who = desk.set_by.get(one.part.value)
        why = row_of((one.reason, who.who, moment(who.at, zone))) if who is not None else ""
        lines.append(GradeLine(one.part.value, meter, why, one.given))
    return lines


def _voters(desk: DeskView) -> list[tuple[str, str]]:
    return [
        (
            one.name,
            row_of(
                (role_word(one.role), _("says %(who)s", who=one.by) if one.by else "", one.reason)
            ),
        )
        for one in desk.voters
    ]


def _dues(desk: DeskView, zone: str) -> list[tuple[str, str]]:
    rows = (
        (_("First answer"), desk.first_due_at),
        (_("Next update"), desk.update_due_at),
        (_("Solution"), desk.solution_due_at),
        (_("Waits for the customer since"), desk.paused_at),
    )
    return [(name, moment(at, zone)) for name, at in rows if at is not None]


def _judged(one: Judged, zone: str) -> JudgedLine:
    return JudgedLine(
        outcome_words(one.outcome.value),
        row_of((one.who, moment(one.at, zone))),
        judged_answers(one.judgement),
    )


def _shared_url(view: RequestView) -> str:
    """Product works on it; others read it as customers do, once they may."""
    if view.shared is None:
        return ""
    if scope().allows(Permission.REQUEST_TRIAGE):
        return url_for("sharing.show", key=view.shared.key)
    return url_for("roadmap.show", key=view.shared.key) if view.shared.published else ""
