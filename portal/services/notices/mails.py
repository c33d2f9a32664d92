"""Mails about a request, of what their reader may read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.notices import Notified
from portal.models import Request
from portal.services.mail import queue_mail
from portal.services.notices.links import Links, path_of
from portal.services.notices.readers import Reader
from portal.services.requests.labels import state_labels
from portal.tenancy import scope_of


def queue_request_mail(
    session: Session,
    reader: Reader,
    request: Request,
    kind: Notified,
    values: dict[str, str],
    *,
    links: Links,
    once: str,
    again: bool = False,
) -> bool:
    """In the caller's transaction, whose scope is the reader's; False where it was asked for
    before. `values`: of telling.values_of; `again`: a reminder.
    """
    unsubscribe = links.unsubscribe(reader.key, kind.value)
    asked = kind is Notified.ASKED
    page = links.whole(path_of(reader.scope, request.key))
    more = {"again": again} if asked else {}
    labels = state_labels(session, reader.scope.locale)
    return queue_mail(
        session,
        recipient=reader.email,
        locale=reader.scope.locale,
        template="request_asked" if asked else "request_told",
        values={
            **words_of(labels, reader, kind.value, values, scope_of(session).now),
            **more,
            "name": reader.name,
            "link": links.confirm(request.key, request.release, reader.key) if asked else page,
            "choices": links.whole("/notices/preferences"),
            "unsubscribe": unsubscribe,
        },
        idempotency_key=once,
        account_id=reader.account_id,
        thread=f"request.{request.key}",
        unsubscribe=unsubscribe,
        reply_to=links.reply_to(request.key, reader.id),
    )


def words_of(
    labels: Mapping[tuple[str, str], str],
    reader: Reader,
    kind: str,
    values: dict[str, str],
    at: datetime,
) -> dict[str, Any]:
    """What a mail says of one event. `labels`: the vendor's own words for states."""
    return {
        **values,
        "kind": kind,
        "label": labels.get((values["request_kind"], values["state"]), ""),
        "at": at.isoformat(),
        "time_zone": reader.scope.time_zone,
    }
