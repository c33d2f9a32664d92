"""Throws away what nobody will ask for again. Safe to run at any time and any number of times."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from portal.models import IncomingMail, Mail, RateBucket, SentForm, UserSession, WorkerBeat
from portal.services.person_requests import throw_files_away
from portal.services.refused_requests import forget_refused
from portal.services.search_questions import forget_questions
from portal.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from portal.tenancy import scope_of

# A person may look for a session that has ended for a while, an admin for a mail.
SESSION_KEPT = timedelta(days=30)
MAIL_KEPT = timedelta(days=90)
INCOMING_KEPT = timedelta(days=30)
# Every bucket is full again long before.
BUCKET_KEPT = timedelta(days=1)
BEAT_KEPT = timedelta(days=1)
# A page may stand open over the weekend; a request is tried again within minutes.
FORM_KEPT = timedelta(days=7)


def clean_up(session: Session) -> dict[str, int]:
    """Deletes and commits; how many rows went, by table."""
    now = scope_of(session).now
    old_session = or_(
        UserSession.ended_at < now - SESSION_KEPT,
        UserSession.seen_at < now - IDLE_LIMIT - SESSION_KEPT,
        UserSession.created_at < now - ABSOLUTE_LIMIT - SESSION_KEPT,
    )
    gone = {
        "user_session": _delete(session, delete(UserSession).where(old_session)),
        "mail": _delete(session, delete(Mail).where(Mail.created_at < now - MAIL_KEPT)),
        "incoming_mail": _delete(
            session, delete(IncomingMail).where(IncomingMail.at < now - INCOMING_KEPT)
        ),
        "rate_bucket": _delete(
            session, delete(RateBucket).where(RateBucket.at < (now - BUCKET_KEPT).timestamp())
        ),
        "sent_form": _delete(session, delete(SentForm).where(SentForm.sent_at < now - FORM_KEPT)),
        "worker_beat": _delete(
            session, delete(WorkerBeat).where(WorkerBeat.seen_at < now - BEAT_KEPT)
        ),
    }
    gone["refused_request"] = forget_refused(session)
    gone["search_question"] = forget_questions(session)
    gone["person_request"] = throw_files_away(session)
    session.commit()
    return gone


def _delete(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
