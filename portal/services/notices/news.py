"""Roadmap and release notes by mail: on Mondays, or each day, as each chooses, from eight in the
reader's morning; nothing where nothing is new that they may read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.domain.knowledge import RELEASE_NOTE
from portal.domain.notices import Notified, Way, way_of
from portal.models import KnowledgeItem, NoticeChoice, OutboxMessage, SharedRequest, User
from portal.services.knowledge import ItemLine
from portal.services.mail import queue_mail
from portal.services.notices.digest import MORNING
from portal.services.notices.links import Links
from portal.services.notices.readers import Reader, find_readers
from portal.services.requests.changelog import notes_between
from portal.services.requests.labels import state_labels
from portal.services.requests.roadmap import RoadmapItem, moves_between
from portal.tenancy import scope_of

KIND = Notified.WHATS_NEW
LASTS = {Way.WEEKLY: timedelta(days=7), Way.DIGEST: timedelta(days=1)}
MOST_MOVES, MOST_NOTES = 20, 10
AT_ONCE = 500
_MONDAY = 0


@dataclass(frozen=True, slots=True)
class NewsMorning:
    """Somebody whose morning it is, and who has had no such mail then. What is new from `since` to
    before `until` is told: two mornings in their zone.
    """

    reader: Reader
    way: Way
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        return f"news:{self.reader.id}:{self.way}:{self.until.date()}"


def news_mornings(session: Session) -> list[NewsMorning]:
    """Needs a session over all accounts."""
    if not _anything(session):
        return []
    due: list[NewsMorning] = []
    ids = _listening(session)
    for begin in range(0, len(ids), AT_ONCE):
        readers = find_readers(session, ids[begin : begin + AT_ONCE])
        due += _without_a_mail(session, _mornings(readers))
    return due


def queue_news(session: Session, morning: NewsMorning, links: Links) -> bool:
    """In a session of the reader's own scope; whether there was something new. Commits."""
    total, moves = moves_between(session, morning.since, morning.until, MOST_MOVES)
    notes = notes_between(session, morning.since.date(), morning.until.date())
    if not moves and not notes:
        return False
    labels = state_labels(session, morning.reader.scope.locale)
    told = {
        "notes": [_note(one, links) for one in notes[:MOST_NOTES]],
        "moves": [_move(one, labels, links) for one in moves],
        "more": total - len(moves) + max(len(notes) - MOST_NOTES, 0),
    }
    queued = _queue(session, morning, told, links)
    session.commit()
    return queued


def _anything(session: Session) -> bool:
    """Whether there is anything that anybody could be told: most half hours there is not."""
    since = scope_of(session).now - max(LASTS.values()) - timedelta(days=2)
    moved = select(SharedRequest.id).where(
        SharedRequest.moved_at >= since, SharedRequest.published_at.is_not(None)
    )
    written = select(KnowledgeItem.id).where(
        KnowledgeItem.type == RELEASE_NOTE, KnowledgeItem.published_on >= since.date()
    )
    return any(session.execute(one.limit(1)).first() is not None for one in (moved, written))


def _listening(session: Session) -> list[int]:
    """Who has not switched it off; only those who want it daily where it is Monday nowhere."""
    chosen = exists().where(NoticeChoice.user_id == User.id, NoticeChoice.kind == KIND.value)
    daily = chosen.where(NoticeChoice.way == Way.DIGEST.value)
    now = scope_of(session).now
    reach = timedelta(hours=14)
    monday = any((now + one).weekday() == _MONDAY for one in (-reach, timedelta(), reach))
    wanted = or_(~chosen, chosen.where(NoticeChoice.way != Way.OFF.value)) if monday else daily
    return list(session.scalars(select(User.id).where(User.active, wanted).order_by(User.id)))


def _mornings(readers: Sequence[Reader]) -> list[NewsMorning]:
    found = []
    for reader in readers:
        way = way_of(KIND, reader.chosen)
        zone = ZoneInfo(reader.scope.time_zone)
        local = reader.scope.now.astimezone(zone)
        today = local.weekday() == _MONDAY or way is Way.DIGEST
        if way in LASTS and today and local.hour >= MORNING:
            until = datetime.combine(local.date(), time(MORNING), zone)
            # By the calendar, so that the hour stays where clocks are changed.
            found.append(NewsMorning(reader, way, until - LASTS[way], until))
    return found


def _without_a_mail(session: Session, due: Sequence[NewsMorning]) -> list[NewsMorning]:
    keys = [f"mail:{one.key}" for one in due]
    known = select(OutboxMessage.idempotency_key).where(OutboxMessage.idempotency_key.in_(keys))
    had = set(session.scalars(known))
    return [one for one in due if f"mail:{one.key}" not in had]


def _queue(session: Session, morning: NewsMorning, told: dict[str, Any], links: Links) -> bool:
    reader = morning.reader
    unsubscribe = links.unsubscribe(reader.key, KIND.value)
    return queue_mail(
        session,
        recipient=reader.email,
        locale=reader.scope.locale,
        template="whats_new",
        values={
            **told,
            "name": reader.name,
            "daily": morning.way is Way.DIGEST,
            "link": links.whole("/roadmap"),
            "choices": links.whole("/notices/preferences"),
            "unsubscribe": unsubscribe,
        },
        idempotency_key=morning.key,
        account_id=reader.account_id,
        unsubscribe=unsubscribe,
    )


def _note(note: ItemLine, links: Links) -> dict[str, str]:
    link = links.whole(f"/knowledge/{note.slug}")
    return {"link": link, "title": note.title, "summary": note.summary}


def _move(item: RoadmapItem, labels: dict[tuple[str, str], str], links: Links) -> dict[str, str]:
    return {
        "link": links.whole(f"/roadmap/{item.key}"),
        "title": item.title,
        "request_kind": item.kind.value,
        "state": item.state.value,
        "label": labels.get((item.kind.value, item.state.value), ""),
    }
