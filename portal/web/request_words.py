"""Requests in words and rings: kinds, states, who it waits for. For every page that shows one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from markupsafe import Markup

from portal.domain.request_grading import Effect, Part
from portal.domain.requests import PATHS, Answer, Channel, Kind, Phase, Severity, State, Visibility
from portal.services.requests.labels import state_labels
from portal.web.guards import db
from portal.web.locale import request_locale
from reports.charts.loop import ringlet

Labels = Mapping[tuple[str, str], str]
"""(kind, state) → the vendor's word."""
KINDS: Mapping[Kind, Any] = {
    Kind.NEED: _l("Need"),
    Kind.BUG: _l("Bug"),
    Kind.QUESTION: _l("Question"),
}
KINDS_MANY: Mapping[Kind, Any] = {
    Kind.NEED: _l("Needs"),
    Kind.BUG: _l("Bugs"),
    Kind.QUESTION: _l("Questions"),
}
STATES: Mapping[State, Any] = {
    State.SUBMITTED: _l("Submitted"),
    State.CLARIFYING: _l("Clarifying"),
    State.DECLINED: _l("Declined"),
    State.PLANNED: _l("Planned"),
    State.IN_DEVELOPMENT: _l("In development"),
    State.REPRODUCED: _l("Reproduced"),
    State.FIXING: _l("Fixing"),
    State.FIXED: _l("Fixed"),
    State.RELEASED: _l("Released"),
    State.CONFIRMED: _l("Confirmed"),
    State.UNCONFIRMED: _l("Closed, unconfirmed"),
    State.REOPENED: _l("Reopened"),
}
ANSWERED = _l("Answered")
ANSWERS: Mapping[Answer, Any] = {
    Answer.WORKS: _l("Works for us"),
    Answer.NOT_YET: _l("Not yet"),
    Answer.NOT_TRIED: _l("Did not try"),
}
PHASE_WORDS: Mapping[Phase, Any] = {
    Phase.OPEN: _l("open"),
    Phase.ACTIVE: _l("active"),
    Phase.DONE: _l("done"),
    Phase.CLOSED: _l("closed"),
}
VISIBILITIES: Mapping[Visibility, Any] = {
    Visibility.COMPANY: _l("Everybody in our company"),
    Visibility.PRIVATE: _l("Only me and the vendor"),
}
SEVERITIES: Mapping[Severity, Any] = {
    Severity.BLOCKING: _l("We cannot work"),
    Severity.MAJOR: _l("We can work around it"),
    Severity.MINOR: _l("It is a blemish"),
}
EFFECTS: Mapping[Effect, Any] = {
    Effect.STOPS: _l("It stops our work"),
    Effect.HOURS: _l("It costs hours each week"),
    Effect.MINUTES: _l("It costs minutes now and then"),
    Effect.COMFORT: _l("It would be more pleasant"),
}
CHANNELS: Mapping[Channel, Any] = {
    Channel.PORTAL: _l("Portal"),
    Channel.MAIL: _l("Mail"),
    Channel.API: _l("API"),
    Channel.CSM: _l("On behalf"),
}
PARTS: Mapping[Part, Any] = {
    Part.FIT: _l("Fit"),
    Part.TIER: lazy_pgettext("grade", "Tier"),
    Part.ROLE: _l("Role"),
    Part.EFFECT: _l("Effect"),
}
FIELD_LABELS: Mapping[str, Any] = {
    "who": _l("Who"),
    "when": _l("When"),
    "wants": _l("Wants"),
    "so_that": _l("So that"),
    "today": _l("Today"),
    "steps": _l("Steps"),
    "expected": _l("Expected"),
    "happened": _l("Happened"),
    "place": _l("Place"),
    "device": _l("Device"),
    "browser": _l("Browser"),
    "question": _l("Question"),
    "tried": _l("Tried so far"),
}


def labels_of_reader() -> Labels:
    """The vendor's own words in the reader's language, read once a request: so a change counts in
    every process at once.
    """
    if "state_labels" not in g:
        g.state_labels = state_labels(db(), request_locale())
    kept: Labels = g.state_labels
    return kept


def state_words(kind: Kind, state: State, labels: Labels | None = None) -> str:
    """What it is called here. `labels`: the vendor's own words, where they are not the reader's."""
    known = labels_of_reader() if labels is None else labels
    return known.get((kind.value, state.value)) or portal_word(kind, state)


def portal_word(kind: Kind, state: State) -> str:
    """Where the vendor has no word of its own."""
    return str(ANSWERED if (kind, state) == (Kind.QUESTION, State.RELEASED) else STATES[state])


def where_it_stands(
    kind: Kind, state: State, labels: Labels | None = None, *, yours: bool = False
) -> str:
    """In a list: with what it waits for. `yours`: the reader may say whether it works."""
    words = state_words(kind, state, labels)
    if state is State.RELEASED and yours:
        return _("%(state)s, waits for your word", state=words)
    if state is State.RELEASED:
        return _("%(state)s, waits for a word", state=words)
    return words


@cache
def small_ring(kind: Kind, state: State) -> Markup:
    return ringlet(
        share_done(kind, state),
        closed=state is State.CONFIRMED,
        declined=state in {State.DECLINED, State.UNCONFIRMED},
    )


def share_done(kind: Kind, state: State) -> float:
    """Of the way of its kind, from 0 to 1; what is off the way has gone as far as its beginning."""
    path = PATHS[kind]
    place = path.index(state) if state in path else 1 if state is State.CLARIFYING else 0
    return (place + 1) / len(path) if state is not State.SUBMITTED else 1 / (2 * len(path))
