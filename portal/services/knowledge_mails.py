"""Mails after a step of the workflow: to whoever is asked or told, in their language."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.knowledge import address
from portal.locales import DEFAULT_LOCALE
from portal.models import KnowledgeItem, KnowledgeWork
from portal.services.knowledge_people import Writer, people
from portal.services.knowledge_titles import titles
from portal.services.knowledge_workflow import ASKED, SENT_BACK, TOLD
from portal.services.mail import queue_mail, vendor_locale

Link = Callable[[str], str]


def queue_step_mails(session: Session, kind: str, payload: Mapping[str, Any], link: Link) -> int:
    """After a step of the workflow; how many. `payload` is what was announced, with its
    idempotency_key. Commits.
    """
    slug, by = payload["slug"], payload.get("by")
    row = session.execute(
        select(
            KnowledgeItem.owner_id,
            KnowledgeWork.reviewer_id,
            KnowledgeWork.asked_by_id,
            KnowledgeWork.reason,
        )
        .outerjoin(KnowledgeWork, KnowledgeWork.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.slug == slug)
    ).one_or_none()
    if row is None:
        return 0
    to = {
        ASKED: [row.reviewer_id],
        SENT_BACK: [row.asked_by_id or row.owner_id],
        TOLD: payload.get("told", []),
    }[kind]
    known = people(session, [*to, by])
    machine = bool(payload.get("machine"))
    said = {
        "kind": "failed" if machine else kind.rpartition(".")[2],
        "who": known[by].name if by in known else "",
        "reason": (row.reason or "") if kind == SENT_BACK else "",
        "link": link(_place(kind, slug)),
    }
    sent = sum(
        _queue_step(session, known[one], slug, said, f"{payload['idempotency_key']}:{one}")
        for one in dict.fromkeys(to)
        if one in known and one != by
    )
    session.commit()
    return sent


def _place(kind: str, slug: str) -> str:
    if kind == ASKED:
        return f"/editorial/texts/{slug}"
    return address(slug) if kind == TOLD else f"{address(slug)}/edit"


def _queue_step(session: Session, to: Writer, slug: str, said: Mapping[str, Any], key: str) -> bool:
    locale = to.locale or vendor_locale(session)
    title = titles(session, [slug], locale or DEFAULT_LOCALE)[slug]
    return queue_mail(
        session,
        recipient=to.email,
        locale=locale,
        template="knowledge_step",
        values={**said, "name": to.name, "title": title},
        idempotency_key=key[-190:],
    )
