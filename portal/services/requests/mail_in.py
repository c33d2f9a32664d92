"""Mails that become messages and questions.

A reply address is believed where the mail is from the very person for whom it was made. A mail to
the bare address is believed where our own mail server has verified its sender. All others get no
answer, so that nobody can have us write to a stranger; how many there were, an admin can see.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Database
from portal.domain.errors import DomainError
from portal.domain.letters import Letter, read_letter
from portal.domain.mail_reply import reply_of, without_signature
from portal.domain.mail_verdicts import is_verified
from portal.domain.permissions import Permission
from portal.domain.requests import LONGEST_FIELD, LONGEST_TITLE, Channel, Kind
from portal.locales import translations
from portal.models import IncomingMail
from portal.services.file_store import FileStore
from portal.services.once import add_once
from portal.services.requests.access import find_request
from portal.services.requests.files import store_file, take_in
from portal.services.requests.handing_in import Telling, hand_in
from portal.services.requests.mail_addresses import read_address
from portal.services.requests.talking import LONGEST_MESSAGE, write_message
from portal.services.requests.writers import Writer, find_writer
from portal.services.sign_in import accounts_in_reach, assigned_accounts
from portal.services.virus_scan import Scanner
from portal.tenancy import Scope, scope_of, system_scope

MOST_AN_HOUR = 20
"""Mails of one sender. What is more than that is dropped and counted: it is a loop."""
log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    MESSAGE = "message"
    REQUEST = "request"
    KNOWN = "known"  # it came before
    UNREADABLE = "unreadable"
    AUTOMATIC = "automatic"  # a machine wrote it, or we did
    UNKNOWN = "unknown"  # nobody who may write has that address
    UNVERIFIED = "unverified"  # it may be forged
    TOO_MANY = "too-many"
    REFUSED = "refused"  # nothing is said in it, or the request is out of reach


@dataclass(frozen=True, slots=True)
class MailDoor:
    """What mails are taken with. `now` reads the clock."""

    database: Database
    settings: Settings
    now: Callable[[], datetime]

    @property
    def files(self) -> FileStore:
        return FileStore(self.settings.request_files)


def take_mail(door: MailDoor, raw: bytes) -> Outcome:
    """What became of the mail; noted, and what it says is written. The same mail again changes
    nothing. Raises what the database raises: then it is to be tried later.
    """
    letter = _read(raw)
    digest = sha256((letter.message_id.encode() if letter else b"") or raw).hexdigest()
    if letter is None:
        return _note(door, digest, "", Outcome.UNREADABLE)
    with _session(door) as session:
        if _came_before(session, digest):
            return Outcome.KNOWN
        if _recent(session, letter.sender) >= MOST_AN_HOUR:
            return _note(door, digest, letter.sender, Outcome.TOO_MANY)
        writer = find_writer(session, letter.sender)
    request, doubt = _leads_to(letter, writer, door.settings)
    if writer is None or doubt is not None:
        return _note(door, digest, letter.sender, doubt or Outcome.UNKNOWN)
    try:
        return _write(door, letter, digest, writer, request)
    except DomainError:
        return _note(door, digest, letter.sender, Outcome.REFUSED)


def _read(raw: bytes) -> Letter | None:
    """What no mail should do to the parser is told in the log, and the mail is dropped: if it came
    back, its sender would be written to.
    """
    try:
        return read_letter(raw)
    except Exception:
        log.exception("a mail could not be read", size=len(raw))
        return None


def count_outcomes(session: Session) -> dict[str, int]:
    """Mails of the last 30 days, by what became of them."""
    counted = select(IncomingMail.outcome, func.count(IncomingMail.id)).group_by(
        IncomingMail.outcome
    )
    return {row[0]: row[1] for row in session.execute(counted.order_by(IncomingMail.outcome))}


def strangers(session: Session, most: int = 20) -> list[tuple[str, int]]:
    """Addresses whose mails of the last 30 days were dropped, and how many: the most first."""
    dropped = [Outcome.UNKNOWN.value, Outcome.UNVERIFIED.value, Outcome.TOO_MANY.value]
    number = func.count(IncomingMail.id)
    counted = select(IncomingMail.sender, number).where(IncomingMail.outcome.in_(dropped))
    ordered = counted.group_by(IncomingMail.sender).order_by(number.desc(), IncomingMail.sender)
    return [(row[0], row[1]) for row in session.execute(ordered.limit(most))]


def _is_ours(letter: Letter, settings: Settings) -> bool:
    """A machine's mail, or one of our own that came back."""
    own = letter.message_id.rstrip(">").endswith(f"@{settings.public_host}")
    ours = {settings.sender.lower(), settings.mail_in_address.lower()}
    return letter.automatic or own or letter.sender in ours


def _leads_to(
    letter: Letter, writer: Writer | None, settings: Settings
) -> tuple[str, Outcome | None]:
    """The key of the request that it answers, or empty for a new one; and why it is not taken."""
    if _is_ours(letter, settings):
        return "", Outcome.AUTOMATIC
    for address in letter.recipients:
        reply = read_address(settings, address)
        if reply is not None:
            theirs = writer is not None and writer.id == reply.user_id
            return reply.request_key, None if theirs else Outcome.UNVERIFIED
    if writer is None:
        return "", Outcome.UNKNOWN
    verified = is_verified(letter.verdicts, settings.mail_in_server, letter.sender)
    if not verified or settings.mail_in_address.lower() not in letter.recipients:
        return "", Outcome.UNVERIFIED
    return "", None if writer.role.side == "customer" else Outcome.REFUSED


def _write(door: MailDoor, letter: Letter, digest: str, writer: Writer, request: str) -> Outcome:
    """In the writer's name: their rights, their accounts."""
    scope = _scope(door, letter, writer)
    writes = scope.allows(Permission.REQUEST_WRITE) or scope.allows(Permission.REQUEST_DESK)
    if not writes:
        return _note(door, digest, letter.sender, Outcome.UNKNOWN)
    if request:
        with door.database.session(scope) as session:
            find_request(session, request)
    text = reply_of(letter.text) if request else without_signature(letter.text)
    keys, lost = _keep_files(door, scope, letter, request)
    text = "\n".join([text, *(_not_taken(name, writer.locale) for name in lost)]).strip()
    outcome = Outcome.MESSAGE if request else Outcome.REQUEST
    with door.database.session(scope, writes=True) as session:
        row = IncomingMail(digest=digest, sender=letter.sender, outcome=outcome.value, at=scope.now)
        if not add_once(session, row, "digest"):
            return Outcome.KNOWN
        if request:
            body = _within(text, LONGEST_MESSAGE)
            mail_id = letter.message_id or None
            write_message(session, request, body, channel=Channel.MAIL, mail_id=mail_id, files=keys)
        else:
            hand_in(session, _question(letter, text, keys))
    return outcome


def _question(letter: Letter, text: str, keys: list[str]) -> Telling:
    title = letter.subject[:LONGEST_TITLE] or " ".join(text.split())[:80]
    told = {"question": _within(text or letter.subject, LONGEST_FIELD)}
    return Telling(Kind.QUESTION, title, told, channel=Channel.MAIL, files=tuple(keys))


def _keep_files(
    door: MailDoor, scope: Scope, letter: Letter, request: str
) -> tuple[list[str], list[str]]:
    """Keys of what is attached, and the names of what was refused."""
    scanner = Scanner(door.settings.scanner_url)
    keys, lost = [], []
    for name, content in letter.files:
        try:
            sent = take_in(name, content, scanner)
            with door.database.session(scope, writes=True) as session:
                keys.append(store_file(session, door.files, sent, request=request))
        except DomainError:
            lost.append(" ".join(name.split())[:100] or "?")
    return keys, lost


def _not_taken(name: str, locale: str) -> str:
    """In the writer's language, as the rest of what they have written."""
    words = translations(locale).gettext("[%(name)s: not taken]")
    return str(words % {"name": name})


def _scope(door: MailDoor, letter: Letter, writer: Writer) -> Scope:
    def assigned(user_id: int) -> frozenset[int]:
        with _session(door) as session:
            return assigned_accounts(session, user_id)

    return Scope(
        user_id=writer.id,
        role=writer.role,
        accounts=accounts_in_reach(writer, assigned),
        now=door.now(),
        locale=writer.locale,
        origin="mail",
        actor=letter.sender,
    )


def _within(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _session(door: MailDoor, *, writes: bool = False) -> AbstractContextManager[Session]:
    return door.database.session(system_scope(door.now(), "mail in"), writes=writes)


def _came_before(session: Session, digest: str) -> bool:
    known = select(IncomingMail.id).where(IncomingMail.digest == digest)
    return session.scalar(known) is not None


def _recent(session: Session, sender: str) -> int:
    """Those that were too many do not count, so that the next hour begins in any case."""
    since = scope_of(session).now - timedelta(hours=1)
    counted = select(func.count(IncomingMail.id)).where(
        IncomingMail.sender == sender,
        IncomingMail.at > since,
        IncomingMail.outcome != Outcome.TOO_MANY.value,
    )
    return session.scalar(counted) or 0


def _note(door: MailDoor, digest: str, sender: str, outcome: Outcome) -> Outcome:
    now = door.now()
    with _session(door, writes=True) as session:
        row = IncomingMail(digest=digest, sender=sender, outcome=outcome.value, at=now)
        fresh = add_once(session, row, "digest")
        session.commit()
    return outcome if fresh else Outcome.KNOWN
