"""Mails: asked for in the change's transaction, kept as one row each, sent after its commit.

Guaranteed: of one idempotency key there is at most one row, whose text never changes, and it is
tried until the SMTP server has accepted it. SMTP itself cannot be exactly-once: a worker killed
between the server's yes and our `sent_at` sends again. Both carry the same Message-ID.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.locales import DEFAULT_LOCALE, best_locale
from portal.models import Mail, Vendor
from portal.services.mail_templates import check_values, render
from portal.services.once import add_once
from portal.services.outbox import announce
from portal.tenancy import scope_of

SEND = "mail.send"
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail in the admin's list. `sent_at` None: it is kept here, or on its way."""

    key: str
    recipient: str
    subject: str
    locale: str
    created_at: datetime
    attempted_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class WholeMail:
    view: MailView
    text: str
    html: str


def queue_mail(
    session: Session,
    *,
    recipient: str,
    locale: str | None,
    template: str,
    values: dict[str, Any],
    idempotency_key: str,
    account_id: int | None = None,
    calendar: str = "",
    thread: str = "",
    unsubscribe: str = "",
    reply_to: str = "",
) -> bool:
    """Asks for a mail in the caller's transaction; False where this key has asked already.

    `values` are JSON, as `mail_templates.VALUES` lists them; raises ValueError where one is
    missing. `locale` may be any tag or None. `calendar`: an iCalendar text with its method.
    `thread`: what it is about, so that mail programs show one thread; `unsubscribe`: the address
    where one click ends such mails (RFC 8058); `reply_to`: where an answer goes.
    """
    check_values(template, values)
    payload = {
        "calendar": calendar,
        "thread": thread,
        "unsubscribe": unsubscribe,
        "reply_to": reply_to,
        "recipient": recipient,
        "locale": best_locale([locale]),
        "template": template,
        "values": values,
    }
    return announce(session, SEND, payload, f"mail:{idempotency_key}", account_id)


def keep_mail(session: Session, payload: dict[str, Any], account_id: int | None) -> Mail:
    """Renders the mail into its one row, and commits; the row that is there where it is."""
    found = _kept(session, payload["idempotency_key"])
    if found is None:
        add_once(session, _rendered(session, payload, account_id), "idempotency_key")
        session.commit()
        found = _kept(session, payload["idempotency_key"])
    if found is None:
        raise LookupError("the mail's row has gone")
    return found


def _kept(session: Session, idempotency_key: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.idempotency_key == idempotency_key))


def _rendered(session: Session, payload: dict[str, Any], account_id: int | None) -> Mail:
    locale = payload.get("locale", DEFAULT_LOCALE)
    words = render(payload["template"], locale, payload["values"], vendor_name(session))
    return Mail(
        idempotency_key=payload["idempotency_key"],
        account_id=account_id,
        recipient=payload["recipient"],
        subject=words.subject,
        text=words.text,
        html=words.html,
        calendar=payload.get("calendar", ""),
        thread=payload.get("thread", ""),
        unsubscribe=payload.get("unsubscribe", ""),
        reply_to=payload.get("reply_to", ""),
        locale=locale,
        created_at=scope_of(session).now,
    )


def begin_delivery(session: Session, mail: Mail) -> None:
    """Notes that the server may have the mail from now on; commits."""
    mail.attempted_at = scope_of(session).now
    session.commit()


def finish_delivery(session: Session, key: str) -> None:
    """Notes that the server has accepted the mail; commits."""
    accepted = update(Mail).where(Mail.key == key).values(sent_at=scope_of(session).now)
    session.execute(accepted.execution_options(synchronize_session=False))
    session.commit()


def vendor_name(session: Session) -> str:
    return session.scalar(select(Vendor.name).where(Vendor.id == 1)) or "Paceline"


def vendor_locale(session: Session) -> str | None:
    """The language of those who chose none."""
    return session.scalar(select(Vendor.locale).where(Vendor.id == 1))


def list_mails(session: Session) -> list[MailView]:
    """The latest first, at most 200."""
    latest = select(*_view_columns()).order_by(Mail.id.desc()).limit(MOST_LISTED)
    return [MailView(*row) for row in session.execute(latest)]


def show_mail(session: Session, key: str) -> WholeMail:
    """Raises NotFound."""
    wanted = select(*_view_columns(), Mail.text, Mail.html).where(Mail.key == key)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return WholeMail(MailView(*found[:-2]), found.text, found.html)


def _view_columns() -> tuple[Any, ...]:
    return (
        Mail.key,
        Mail.recipient,
        Mail.subject,
        Mail.locale,
        Mail.created_at,
        Mail.attempted_at,
        Mail.sent_at,
    )
