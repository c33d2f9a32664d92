"""Addresses on other hosts that texts point at: asked one by one, at most once a week each.

Asking is a job's, outside of any transaction: an address is claimed, asked, and its answer noted.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.external_links import LONGEST_URL, WORKING
from portal.domain.permissions import Permission
from portal.models import ExternalLink
from portal.services.jobs import enqueue
from portal.services.outgoing import Answer
from portal.tenancy import scope_of

ASK = "knowledge.ask-elsewhere"
OFTEN = timedelta(days=7)
"""No link is asked more often, unless a person wants it looked at again."""
SPACING = timedelta(minutes=2)
"""Between two questions to one host."""
HELD = timedelta(hours=1)
"""How long one that is being asked is left alone; who asks it may die."""


def note_addresses(session: Session, urls: set[str]) -> None:
    """Those are to be asked for, and no others; in the caller's transaction."""
    wanted = {url for url in urls if len(url) <= LONGEST_URL}
    known = dict(session.execute(select(ExternalLink.url, ExternalLink.id)).all())
    gone = [number for url, number in known.items() if url not in wanted]
    for at in range(0, len(gone), 500):
        session.execute(delete(ExternalLink).where(ExternalLink.id.in_(gone[at : at + 500])))
    now = scope_of(session).now
    session.add_all(
        ExternalLink(url=url, host=_host(url), due_at=now) for url in sorted(wanted - known.keys())
    )


def claim_address(session: Session) -> str | None:
    """An address that is due, of a host that was left alone for a while; None where there is none.
    Nobody else gets it for an hour. Commits.
    """
    now = scope_of(session).now
    busy = select(ExternalLink.host).where(ExternalLink.asked_at > now - SPACING)
    row = session.scalars(
        select(ExternalLink)
        .where(ExternalLink.due_at <= now, ExternalLink.host.not_in(busy))
        .order_by(ExternalLink.due_at, ExternalLink.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    row.asked_at, row.due_at = now, now + HELD
    session.commit()
    return row.url


def note_answer(session: Session, url: str, answer: Answer) -> None:
    """Noted twice it says the same. Commits."""
    now = scope_of(session).now
    row = session.scalars(
        select(ExternalLink).where(ExternalLink.url == url).with_for_update()
    ).one_or_none()
    if row is None:
        return
    if row.outcome != answer.outcome:
        row.outcome, row.since = answer.outcome, now
    row.status, row.due_at = answer.status, now + OFTEN
    if answer.outcome == WORKING:
        row.good_at = now
    session.commit()


def ask_again(session: Session, url: str) -> bool:
    """Whether there is such an address. Raises Forbidden. Commits."""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    now = scope_of(session).now
    changed = session.scalars(
        update(ExternalLink)
        .where(ExternalLink.url == url)
        .values(due_at=now)
        .returning(ExternalLink.id)
    ).all()
    enqueue(session, ASK, {}, unique_key=ASK)
    session.commit()
    return bool(changed)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:260]
    except ValueError:
        return ""
