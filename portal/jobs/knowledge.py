from time import monotonic
from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.external_links import ASK, claim_address, note_answer
from portal.services.jobs import enqueue
from portal.services.knowledge_link_check import CHECK, check_links
from portal.services.knowledge_mails import queue_step_mails
from portal.services.knowledge_reminders import queue_reminders
from portal.services.knowledge_workflow import (
    ASKED,
    PUBLISH_DUE,
    SENT_BACK,
    TOLD,
    due_slugs,
    publish_due,
)
from portal.services.outgoing import Caller

# A worker does one job at a time: what others wait for comes in between.
ASKING_SECONDS = 3.0

log = structlog.get_logger(__name__)


@job(PUBLISH_DUE)
def publish_scheduled(context: Context, _payload: dict[str, Any]) -> None:
    """At each moment that a text is scheduled for, and every few minutes for what was missed.
    Each text is a transaction of its own.
    """
    with context.session() as session:
        due = due_slugs(session)
    for slug in due:
        with context.session(writes=True) as session:
            published = publish_due(session, slug)
        log.info("scheduled text", slug=slug, published=published)


@job(ASKED)
def tell_reviewer(context: Context, payload: dict[str, Any]) -> None:
    _tell(context, ASKED, payload)


@job(SENT_BACK)
def tell_writer(context: Context, payload: dict[str, Any]) -> None:
    _tell(context, SENT_BACK, payload)


@job(TOLD)
def tell_published(context: Context, payload: dict[str, Any]) -> None:
    _tell(context, TOLD, payload)


@job("knowledge.remind", attempts=3)
def remind(context: Context, _payload: dict[str, Any]) -> None:
    """Every half an hour; of a text and its day of review at most one."""
    base = str(context.settings.public_url).rstrip("/")
    with context.session(writes=True) as session:
        queue_reminders(session, lambda path: base + path)


@job(CHECK, attempts=3)
def look_at_links(context: Context, _payload: dict[str, Any]) -> None:
    """Every night, and when somebody asks for it."""
    with context.session(writes=True) as session:
        found = check_links(session)
    log.info("links looked at", findings=found)


@job(ASK, attempts=3)
def ask_elsewhere(context: Context, _payload: dict[str, Any]) -> None:
    """Every few minutes, where the settings allow it. Some addresses a job; more follow in another.
    One that a killed worker was asking is asked again an hour later.
    """
    if not context.settings.check_external_links:
        return
    caller = Caller(f"Paceline-link-check/1 (+{context.settings.public_url})")
    began = monotonic()
    while monotonic() - began < ASKING_SECONDS:
        with context.session(writes=True) as session:
            url = claim_address(session)
        if url is None:
            return
        answer = caller.ask(url)
        with context.session(writes=True) as session:
            note_answer(session, url, answer)
        log.info("link asked", url=url, outcome=answer.outcome, status=answer.status)
    with context.session(writes=True) as session:
        enqueue(session, ASK, {}, unique_key=ASK)
        session.commit()


def _tell(context: Context, kind: str, payload: dict[str, Any]) -> None:
    base = str(context.settings.public_url).rstrip("/")
    with context.session(writes=True) as session:
        queue_step_mails(session, kind, payload, lambda path: base + path)
