"""What has happened to a request, in words: events, messages, and the vendor's notes between."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.blueprints.triage.words import Labels
from portal.domain.requests import Kind, State
from portal.services.requests.acts import Change
from portal.services.requests.desk_page import DeskView, Note
from portal.services.requests.happening import Happened
from portal.services.requests.judging import Judged
from portal.web.context import initials
from portal.web.formats import moment
from portal.web.judging_words import judged_answers, outcome_words
from portal.web.prose import joined, row_of
from portal.web.request_words import state_words

EVENTS = {
    "merged": _l("Merged"),
    "split": _l("Taken apart again"),
    "joined": _l("Joined a request of all customers"),
    "family_merged": _l("Its request of all customers was merged with another"),
    "family_split": _l("Its request of all customers was taken apart again"),
    "visibility": _l("Who may read it was changed"),
    "released": _l("Release note"),
}
ACTIONS = {
    "request.assign": _l("has given it to somebody."),
    "request.sort": _l("has said anew what it is."),
    "request.grade": _l("has set its grade."),
    "request.write": _l("has written to the customer."),
    "request.note": _l("has written a note."),
    "request.judge": _l("has judged it."),
    "request.vote": _l("has voted for it."),
    "request.merge": _l("has merged it."),
    "request.answer": _l("has said whether it works."),
    "request.relay": _l("has written down whether it works for them."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`inside`: only the vendor's people read it. `initials` where a person has written; `key` is a
    message's.
    """

    at: datetime
    meta: str
    title: str
    text: str
    initials: str
    vendor: bool
    inside: bool
    strong: bool
    key: str = ""


def steps(
    happened: Iterable[Happened], desk: DeskView, kind: Kind, labels: Labels, zone: str
) -> list[Step]:
    """The newest first; of one moment the last that was done."""
    found = [_step(one, kind, labels, zone) for one in happened]
    found += [_note(one, zone) for one in desk.notes]
    found += [_judged(one, zone) for one in desk.judged]
    return sorted(found, key=lambda one: one.at)[::-1]


def _step(one: Happened, kind: Kind, labels: Labels, zone: str) -> Step:
    message = one.kind == "message"
    return Step(
        at=one.at,
        meta=row_of((one.who, moment(one.at, zone))),
        title="" if message else event_words(one, kind, labels),
        text=one.text,
        initials=initials(one.who) if message and one.who else "",
        vendor=one.vendor,
        inside=False,
        strong=one.to_state == State.RELEASED.value,
        key=one.key,
    )


def _note(one: Note, zone: str) -> Step:
    meta = row_of((_("Internal note"), one.who, moment(one.at, zone)))
    return Step(one.at, meta, "", one.body, initials(one.who or "–"), True, True, False)


def _judged(one: Judged, zone: str) -> Step:
    meta = row_of((_("Judged among us"), one.who, moment(one.at, zone)))
    said = row_of(answer for _question, answer in judged_answers(one.judgement))
    return Step(one.at, meta, outcome_words(one.outcome.value), said, "", True, True, False)


def event_words(one: Happened, kind: Kind, labels: Labels) -> str:
    if one.kind == "state" and one.to_state in set(State):
        return state_words(kind, State(one.to_state), labels)
    return str(EVENTS.get(one.kind, one.kind))


def change_words(changes: Iterable[Change], kind: Kind, labels: Labels) -> list[str]:
    """“Paul Product has moved it to Planned.”"""
    return [_change(one, kind, labels) for one in changes]


def _change(one: Change, kind: Kind, labels: Labels) -> str:
    to = one.details.get("to")
    if one.action == "request.move" and to in set(State):
        words = state_words(kind, State(to), labels)
        return _("%(who)s has moved it to %(state)s.", who=one.who, state=words)
    known = ACTIONS.get(one.action, _l("has changed it."))
    return joined(one.who, str(known))
