"""What the vendor calls the states, in the reader's language."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.requests import PATHS, Kind, State
from portal.locales import LOCALES
from portal.models import StateLabel
from portal.services.audit import record

LONGEST_LABEL = 60


def state_labels(session: Session, locale: str) -> dict[tuple[str, str], str]:
    """(kind, state) → the vendor's word; those that it has not renamed are not there."""
    wanted = select(StateLabel.kind, StateLabel.state, StateLabel.label)
    rows = session.execute(wanted.where(StateLabel.locale == locale))
    return {(row.kind, row.state): row.label for row in rows}


def all_labels(session: Session) -> dict[tuple[str, str, str], str]:
    """(kind, state, locale) → the vendor's word."""
    wanted = select(StateLabel.kind, StateLabel.state, StateLabel.locale, StateLabel.label)
    return {(row.kind, row.state, row.locale): row.label for row in session.execute(wanted)}


def set_labels(session: Session, kind: Kind, state: State, labels: dict[str, str]) -> None:
    """Locale → word; an empty one takes the portal's own again. Commits. Raises Invalid."""
    name_states(session, kind, {state: labels})


def name_states(session: Session, kind: Kind, words: Mapping[State, Mapping[str, str]]) -> int:
    """State → locale → word; an empty one takes the portal's own again, and what is not named stays
    as it is. How many have changed; commits. Raises Invalid (`state:locale`).
    """
    said = "Keep it under 60 characters."
    fields = {
        f"{state}:{locale}": said
        for state, labels in words.items()
        for locale, word in labels.items()
        if locale not in LOCALES or len(word.strip()) > LONGEST_LABEL or "\x00" in word
    }
    if fields or kind not in PATHS:
        raise Invalid("A word is too long.", code="too-long", fields=fields)
    known = all_labels(session)
    changed = {
        (kind.value, state.value, locale): " ".join(word.split())
        for state, labels in words.items()
        for locale, word in labels.items()
        if known.get((kind.value, state.value, locale), "") != " ".join(word.split())
    }
    for place, word in changed.items():
        _set_label(session, place, word)
        record(session, "state_label.set", "state_label", ".".join(place), label=word)
    session.commit()
    return len(changed)


def _set_label(session: Session, place: tuple[str, str, str], word: str) -> None:
    row = session.get(StateLabel, place)
    if not word:
        if row is not None:
            session.delete(row)
    elif row is None:
        kind, state, locale = place
        session.add(StateLabel(kind=kind, state=state, locale=locale, label=word))
    else:
        row.label = word
