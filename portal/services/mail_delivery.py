"""From a kept mail to the SMTP server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from icalendar import Calendar

from portal.config import Settings
from portal.models import Mail

TIMEOUT_SECONDS = 30
PERMANENT = 500
PLAIN_PORT, LOGIN_PORT, TLS_PORT = 25, 587, 465
OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Whole(UnstructuredHeader, BaseHeader):
    """An address or an id: in one line, as nobody would read it folded and encoded."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
for _header in ("in-reply-to", "references", "list-unsubscribe"):
    HEADERS.map_to_type(_header, Whole)
# Any server may refuse lines of eight bits; 7-bit encodings pass everywhere.
POLICY = SMTP.clone(cte_type="7bit", header_factory=HEADERS)


class Refused(Exception):
    """The server will never take this mail; trying again would change nothing."""


def compose(mail: Mail, settings: Settings, vendor: str) -> EmailMessage:
    """Subject, text and HTML. Raises Refused where the address is none."""
    message = EmailMessage(policy=POLICY)
    name, sender = parseaddr(settings.sender)
    try:
        message["From"] = Address(name or vendor, addr_spec=sender)
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = mail.subject
    except (ValueError, IndexError, MessageError) as wrong:
        raise Refused(f"no mail can be written to {mail.recipient!r}: {wrong}") from None
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail.idempotency_key, settings.public_host)
    message["Auto-Submitted"] = "auto-generated"
    if mail.thread:
        message["In-Reply-To"] = message["References"] = thread_id(mail.thread, settings)
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        _enclose(message, mail.calendar)
    message["Content-Language"] = mail.locale
    return message


def _enclose(message: EmailMessage, calendar: str) -> None:
    """As mail programs look for an invitation: among the alternatives with its method (RFC 6047),
    and as a file for those that do not look there.
    """
    method = str(Calendar.from_ical(calendar)["method"])
    message.add_alternative(calendar, subtype="calendar", params={"method": method})
    file = calendar.encode()
    message.add_attachment(file, maintype="text", subtype="calendar", filename="invite.ics")


def message_id(idempotency_key: str, host: str) -> str:
    """The same for the same mail: a reader's program drops what it has had already."""
    return f"<{sha256(idempotency_key.encode()).hexdigest()[:24]}@{host}>"


def thread_id(thread: str, settings: Settings) -> str:
    """What every mail of the thread answers to; no mail of ours has it for its own."""
    return f"<{thread}@{settings.public_host}>"


def send(message: EmailMessage, smtp_url: str) -> None:
    """Returns when the server has accepted the mail. Raises Refused, SMTPException, OSError."""
    with _connection(urlsplit(smtp_url)) as server:
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = {code for code, _ in refusal.recipients.values()}
            if min(codes) >= PERMANENT:
                raise Refused(str(refusal.recipients)) from None
            raise
        except smtplib.SMTPDataError as refusal:
            if refusal.smtp_code >= PERMANENT:
                raise Refused(str(refusal)) from None
            raise


@contextmanager
def _connection(url: SplitResult) -> Iterator[smtplib.SMTP]:
    host = url.hostname or "localhost"
    server: smtplib.SMTP
    if url.scheme == "smtps":
        port = url.port or TLS_PORT
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=_trust())
    else:
        port = url.port or (LOGIN_PORT if url.username else PLAIN_PORT)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with server:
        _greet(server, url)
        yield server


def _trust() -> ssl.SSLContext:
    """Made where there is TLS only: reading the machine's certificates takes as long as a mail."""
    return ssl.create_default_context()


def _greet(server: smtplib.SMTP, url: SplitResult) -> None:
    """TLS where the server offers it; a password never travels without, but on this machine."""
    server.ehlo()
    safe = url.scheme == "smtps"
    if not safe and server.has_extn("starttls"):
        server.starttls(context=_trust())
        server.ehlo()
        safe = True
    if not url.username:
        return
    if not safe and url.hostname not in OWN_MACHINE:
        raise smtplib.SMTPNotSupportedError(
            "PACELINE_SMTP_URL has a password, but the server offers no TLS to send it over"
        )
    server.login(unquote(url.username), unquote(url.password or ""))
