"""Forms that make something are sent once: a second click, or the same request tried again, finds
what the first one made.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import SentForm
from portal.services.once import add_once
from portal.tenancy import scope_of

LONGEST_ANSWER = 2000


def hold_form(session: Session, key: str) -> bool:
    """In the caller's transaction, which makes what the form asks for; False where another has
    done so. On PostgreSQL it waits for one that is about to.
    """
    return add_once(session, SentForm(key=key, sent_at=scope_of(session).now), "sent_form")


def note_answer(session: Session, key: str, address: str) -> None:
    """What follows. Nothing where the form was refused: then it was not kept. Commits."""
    session.execute(
        update(SentForm)
        .where(SentForm.key == key)
        .values(answer=address[:LONGEST_ANSWER])
        .execution_options(synchronize_session=False)
    )
    session.commit()


def find_answer(session: Session, key: str) -> str:
    """Empty as long as it is not known."""
    return session.scalar(select(SentForm.answer).where(SentForm.key == key)) or ""
