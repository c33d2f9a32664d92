"""Canned replies: answers that are given often, in each language that somebody has written."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.locales import DEFAULT_LOCALE, LOCALES
from portal.models import CannedReply, CannedReplyText
from portal.services.audit import record
from portal.services.requests.acts import needs_desk, needs_triage
from portal.services.requests.talking import LONGEST_MESSAGE
from portal.tenancy import scope_of

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Reply:
    """`texts`: locale → what is said in it."""

    key: str
    name: str
    texts: Mapping[str, str]

    def said(self, locale: str) -> str:
        """In that language; else in the portal's usual one, else in any."""
        return self.texts.get(locale) or self.texts.get(DEFAULT_LOCALE) or self._any()

    def _any(self) -> str:
        return next(iter(self.texts.values()), "")


def list_replies(session: Session) -> list[Reply]:
    """By name. Raises Forbidden."""
    needs_desk(session)
    wanted = select(
        CannedReply.key, CannedReply.name, CannedReplyText.locale, CannedReplyText.body
    ).outerjoin(CannedReplyText, CannedReplyText.reply_id == CannedReply.id)
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for row in session.execute(wanted.order_by(CannedReply.name, CannedReply.key)):
        texts = found.setdefault(row.key, (row.name, {}))[1]
        if row.locale is not None:
            texts[row.locale] = row.body
    return [Reply(key, name, texts) for key, (name, texts) in found.items()]


def find_reply(session: Session, key: str) -> Reply:
    """Raises NotFound and Forbidden."""
    for reply in list_replies(session):
        if reply.key == key:
            return reply
    raise NotFound


def create_reply(session: Session, name: str, texts: Mapping[str, str]) -> str:
    """Its key; commits. Raises Forbidden, Conflict (name taken) and Invalid."""
    needs_triage(session)
    row = CannedReply(key=new_key(), name="", created_at=scope_of(session).now)
    _fill(session, row, name, texts)
    record(session, "reply.create", "canned_reply", row.key, name=row.name)
    session.commit()
    return row.key


def change_reply(session: Session, key: str, name: str, texts: Mapping[str, str]) -> None:
    """Commits. Raises Forbidden, NotFound, Conflict (name taken) and Invalid."""
    needs_triage(session)
    row = _row(session, key)
    _fill(session, row, name, texts)
    record(session, "reply.change", "canned_reply", row.key, name=row.name)
    session.commit()


def delete_reply(session: Session, key: str) -> None:
    """What has been sent with it stays. Commits. Raises Forbidden and NotFound."""
    needs_triage(session)
    row = _row(session, key)
    for text in session.scalars(select(CannedReplyText).where(CannedReplyText.reply_id == row.id)):
        session.delete(text)
    session.flush()
    session.delete(row)
    record(session, "reply.delete", "canned_reply", row.key, name=row.name)
    session.commit()


def _row(session: Session, key: str) -> CannedReply:
    row = session.scalar(select(CannedReply).where(CannedReply.key == key))
    if row is None:
        raise NotFound
    return row


def _fill(session: Session, row: CannedReply, name: str, texts: Mapping[str, str]) -> None:
    name, kept = _checked(name, texts)
    with session.no_autoflush:
        taken = select(CannedReply.key).where(CannedReply.name == name)
        if session.scalar(taken.where(CannedReply.key != row.key)) is not None:
            said = "Another reply has this name."
            raise Conflict(said, code="name-taken", fields={"name": said})
    row.name = name
    session.add(row)
    session.flush()
    for locale in LOCALES:
        _write(session, row.id, locale, kept.get(locale, ""))


def _write(session: Session, reply_id: int, locale: str, body: str) -> None:
    text = session.get(CannedReplyText, (reply_id, locale))
    if not body:
        if text is not None:
            session.delete(text)
    elif text is None:
        session.add(CannedReplyText(reply_id=reply_id, locale=locale, body=body))
    else:
        text.body = body


def _checked(name: str, texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    name = " ".join(name.split())
    kept = {locale: texts.get(locale, "").strip() for locale in LOCALES}
    fields = {
        field_of(locale): "Keep it under 8,000 characters."
        for locale, body in kept.items()
        if len(body) > LONGEST_MESSAGE
    }
    if not any(kept.values()):
        fields[field_of(DEFAULT_LOCALE)] = "Write it in one language at least."
    if not name or len(name) > LONGEST_NAME:
        fields["name"] = "Give it a name of at most 120 characters."
    if fields:
        raise Invalid("The reply is not whole.", code="bad-reply", fields=fields)
    return name, kept


def field_of(locale: str) -> str:
    """zh-Hans → zh_hans: what a form calls the text in that language."""
    return locale.replace("-", "_").lower()
