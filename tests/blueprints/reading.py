"""What a page's tests look for."""

import re
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import Database
from portal.models import AuditEntry, OutboxMessage
from portal.tenancy import system_scope
from tests.world import NOW


def text_of(response: TestResponse) -> str:
    """The page's visible words, spaces folded."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(bare.split())


def field_of(response: TestResponse, name: str) -> str:
    """The whole tag of the form's field."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*\bname="{name}"[^>]*>', response.text)
    assert found, f"there is no field {name}"
    return found.group()


def queued_mails(database: Database, template: str) -> list[dict[str, Any]]:
    """The payloads of the mails of one kind that wait in the outbox."""
    with database.session(system_scope(NOW, "test")) as session:
        payloads = session.scalars(select(OutboxMessage.payload).order_by(OutboxMessage.id))
        return [one for one in payloads if one.get("template") == template]


def actions_of(database: Database) -> list[str]:
    """The audit log's actions, the oldest first."""
    with database.session(system_scope(NOW, "test")) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
