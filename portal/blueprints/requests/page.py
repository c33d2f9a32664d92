"""One request as its customer reads it: the ring, the scene, and what has happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from markupsafe import Markup

from portal.domain.requests import PATHS, PHASES, SILENCE, Phase, State, Visibility
from portal.services.requests.happening import Happened
from portal.services.requests.showing import RequestView
from portal.web.context import initials
from portal.web.formats import num
from portal.web.prose import joined, row_of
from portal.web.request_times import day_in
from portal.web.request_words import (
    ANSWERS,
    EFFECTS,
    FIELD_LABELS,
    KINDS,
    SEVERITIES,
    VISIBILITIES,
    state_words,
)
from reports.charts.loop import Stop, loop

Labels = Mapping[tuple[str, str], str]
_LINE, _LINE_OF_CHINESE, _MOST_LINES = 12, 8, 3


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of what has happened. `initials` only of a person who wrote; `us`: the vendor."""

    meta: str
    title: str
    text: str
    initials: str = ""
    us: bool = False
    key: bool = False
    link: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class RequestPageWords:
    """`ask`: the reader is asked whether it works; `may_reopen`: they may say that it does not,
    though it is closed.
    """

    view: RequestView
    kicker: str
    tags: list[str]
    ring: Markup
    ring_words: str
    scene: list[tuple[str, str]]
    scene_title: str
    moments: list[Moment]
    ask: bool
    ask_words: str
    may_reopen: bool
    said: list[Moment]
    shared_words: str
    shared_url: str
    note_url: str
    visibility: str
    private: bool
    open: bool


def request_page(view: RequestView, labels: Labels) -> RequestPageWords:
    asks = view.may_answer and view.release > 0
    note = url_for("knowledge.show", slug=view.release_note) if view.release_note else ""
    return RequestPageWords(
        view=view,
        kicker=_kicker(view),
        tags=_tags(view),
        ring=_ring(view, labels),
        ring_words=_ring_words(view),
        scene=[(str(FIELD_LABELS[name]), text) for name, text in view.told.items()],
        scene_title=_scene_title(view),
        moments=[_moment(one, view, labels, note) for one in reversed(view.happened)],
        ask=asks and view.state in {State.RELEASED, State.UNCONFIRMED},
        ask_words=_ask_words(view),
        may_reopen=asks and view.state is State.CONFIRMED,
        said=[_said(one.who, str(ANSWERS[one.answer]), one.reason, one.at) for one in view.said],
        shared_words=_shared_words(view),
        shared_url=_shared_url(view),
        note_url=note,
        visibility=str(VISIBILITIES[view.visibility]),
        private=view.visibility is Visibility.PRIVATE,
        open=PHASES[view.state] is not Phase.CLOSED,
    )


def _kicker(view: RequestView) -> str:
    kind, day = str(KINDS[view.kind]), day_in(view.created_at, long=True)
    if view.joined:
        return _("%(kind)s, joined by %(name)s on %(day)s", kind=kind, name=view.requester, day=day)
    if view.by and view.by != view.requester:
        return _(
            "%(kind)s of %(name)s, told by %(by)s on %(day)s",
            kind=kind,
            name=view.requester,
            by=view.by,
            day=day,
        )
    return _("%(kind)s, told by %(name)s on %(day)s", kind=kind, name=view.requester, day=day)


def _tags(view: RequestView) -> list[str]:
    followers = ngettext(
        "%(count)s follower", "%(count)s followers", view.followers, count=num(view.followers)
    )
    weight = [str(SEVERITIES[one]) for one in SEVERITIES if one == view.severity]
    effect = [str(EFFECTS[one]) for one in EFFECTS if one == view.effect]
    return [*weight, *effect, *([followers] if view.followers else [])]


def _ring(view: RequestView, labels: Labels) -> Markup:
    path = PATHS[view.kind][:-1]
    days = {State(one.to_state): one.at for one in view.happened if one.kind == "state"}
    done = _done(view)
    stops = [
        Stop(
            _stop_name(view, state, labels),
            day_in(days[state]) if state in days and place <= done else "",
        )
        for place, state in enumerate(path)
    ]
    title = _("The way of %(code)s: %(words)s", code=view.code, words=_ring_words(view))
    return loop("way", title, stops, done, _centre(view, labels))


def _stop_name(view: RequestView, state: State, labels: Labels) -> str:
    if state is State.SUBMITTED and not view.joined:
        return _("You asked") if view.mine else pgettext("stage", "Asked")
    return state_words(view.kind, state, labels)


def _done(view: RequestView) -> int:
    """The index of the stop that is reached; as many as there are once the customer closed it."""
    path = PATHS[view.kind]
    if view.state in path:
        return path.index(view.state)
    if view.state is State.UNCONFIRMED:
        return len(path) - 2
    if view.state is State.DECLINED:
        been = {one.to_state for one in view.happened if one.kind == "state"}
        return max(place for place, state in enumerate(path) if state in {path[0], *been})
    return 0


def _centre(view: RequestView, labels: Labels) -> list[str]:
    if view.state is State.RELEASED and view.may_answer:
        words = _("Waits for your word")
    elif view.state is State.CONFIRMED:
        words = _("Closed by your company")
    else:
        words = state_words(view.kind, view.state, labels)
    return wrap(words, _LINE if words.isascii() else _LINE_OF_CHINESE)[:_MOST_LINES]


def _ring_words(view: RequestView) -> str:
    total = len(PATHS[view.kind])
    if view.state is State.DECLINED:
        return _("It was declined. The reason stands below.")
    if view.state is State.UNCONFIRMED:
        return _("Nobody said whether it works, so it closed by itself. A word still counts.")
    if view.state is State.CONFIRMED:
        return _("All %(all)s steps are done: it works for you.", all=num(total))
    steps = ngettext(
        "%(count)s of %(all)s steps is done.",
        "%(count)s of %(all)s steps are done.",
        _done(view) + 1,
        count=num(_done(view) + 1),
        all=num(total),
    )
    return joined(steps, _("The ring closes on your word."))


def _scene_title(view: RequestView) -> str:
    return {
        "need": _("The scene"),
        "bug": _("What goes wrong"),
        "question": _("What is asked"),
    }[view.kind.value]


def _ask_words(view: RequestView) -> str:
    if view.state is State.UNCONFIRMED:
        return _("It closed because nobody said a word. Yours still counts.")
    if view.released_at is None:
        return ""
    return _(
        "It is there since %(day)s. Only your word confirms it. After %(n)s days without one it "
        "closes as unconfirmed, and your word still counts then.",
        day=day_in(view.released_at, long=True),
        n=SILENCE.days,
    )


def _moment(one: Happened, view: RequestView, labels: Labels, note: str) -> Moment:
    when = day_in(one.at, long=True)
    if one.kind == "message":
        return Moment(
            row_of([one.who, when]), "", one.text, initials(one.who), one.vendor, id=one.key
        )
    released = one.to_state == State.RELEASED.value
    return Moment(
        meta=row_of([one.who, when]) if one.who else when,
        title=_event_title(one, view, labels),
        text="" if one.kind == "merged" else one.text,
        key=released,
        link=note if released else "",
    )


def _event_title(one: Happened, view: RequestView, labels: Labels) -> str:
    if one.kind == "merged":
        return _("Merged with %(code)s", code=one.text)
    words = {
        "split": _("Stands alone again"),
        "joined": _("Joined with a request of several companies"),
        "family_merged": _("What several companies ask for was joined with another request"),
        "family_split": _("What several companies ask for was taken apart again"),
        "visibility": _("Others see it, or no longer do"),
    }
    if one.kind in words:
        return words[one.kind]
    if one.to_state == State.SUBMITTED.value:
        return pgettext("request", "Handed in")
    return state_words(view.kind, State(one.to_state), labels) if one.to_state else ""


def _said(who: str, answer: str, reason: str, at: datetime) -> Moment:
    return Moment(row_of([who, day_in(at, long=True)]), answer, reason, initials(who))


def _shared_words(view: RequestView) -> str:
    if view.shared is None or not view.shared.published:
        return ""
    people = ngettext(
        "%(count)s person", "%(count)s people", view.shared.people, count=num(view.shared.people)
    )
    return ngettext(
        "%(people)s of %(count)s company want it.",
        "%(people)s of %(count)s companies want it.",
        view.shared.accounts,
        people=people,
        count=num(view.shared.accounts),
    )


def _shared_url(view: RequestView) -> str:
    if view.shared is None or "roadmap.show" not in current_app.view_functions:
        return ""
    return url_for("roadmap.show", key=view.shared.key)
