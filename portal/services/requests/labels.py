"""What the vendor calls the states, in the reader's language."""

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


def set_labels(session: Session, kind: Kind, state: State, labels: dict[str, str]) -> None:
    """Locale → word; an empty one takes the portal's own again. Commits. Raises Invalid."""
    fields = {
        locale: "Keep it under 60 characters."
        for locale, word in labels.items()
        if locale not in LOCALES or len(word.strip()) > LONGEST_LABEL
    }
    if fields or kind not in PATHS:
        raise Invalid("A word is too long.", code="too-long", fields=fields)
    for locale, word in labels.items():
        _set_label(session, (kind.value, state.value, locale), " ".join(word.split()))
    record(session, "state_label.set", "state_label", f"{kind}.{state}", labels=labels)
    session.commit()


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
