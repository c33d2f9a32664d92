"""What a feed holds, as entries: the roadmap's moves, release notes, and requests of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from feedgen.feed import FeedGenerator
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.services.knowledge import ItemLine
from portal.services.requests.changelog import newest_notes
from portal.services.requests.feeds import FeedReader
from portal.services.requests.newest_steps import NewestStep, newest_steps
from portal.services.requests.roadmap import RoadmapItem, newest_moves
from portal.web.addresses import of_portal
from portal.web.context import vendor_view
from portal.web.prose import labelled, row_of
from portal.web.request_words import state_words
from portal.web.roadmap import Labels, ours_words, totals_words

NEWEST = 40
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """Each step is an entry of its own: `id` is its address, and what it came to."""

    at: datetime
    id: str
    link: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class News:
    """What the reader may read of each sort, the latest first."""

    moves: Sequence[tuple[datetime, RoadmapItem]]
    notes: Sequence[ItemLine]
    steps: Sequence[NewestStep]


def read_news(session: Session) -> News:
    """In a session of the reader's own scope."""
    moves, notes = newest_moves(session, NEWEST), newest_notes(session, NEWEST)
    return News(moves, notes, newest_steps(session, NEWEST))


def entries(news: News, labels: Labels, reader: FeedReader) -> list[Entry]:
    """The latest first. Needs the reader's language."""
    room = "triage.show" if reader.role.side == "vendor" else "requests.show"
    found = [
        *(_move(at, item, labels) for at, item in news.moves),
        *(_note(one, reader.time_zone) for one in news.notes),
        *(_step(one, room, labels) for one in news.steps),
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:NEWEST]


def atom(found: Sequence[Entry], locale: str) -> bytes:
    made = FeedGenerator()
    made.id(of_portal(url_for("roadmap.index")))
    made.title(labelled(vendor_view().name, _("What is new")))
    made.language(locale)
    made.link(href=of_portal(url_for("roadmap.index")), rel="alternate")
    made.updated(max((one.at for one in found), default=BEGINNING))
    for one in found:
        entry = made.add_entry(order="append")
        entry.id(one.id)
        entry.title(one.title)
        entry.link(href=one.link)
        entry.summary(one.summary)
        entry.updated(one.at)
    return bytes(made.atom_str())


def _move(at: datetime, item: RoadmapItem, labels: Labels) -> Entry:
    link = of_portal(url_for("roadmap.show", key=item.key))
    facts = (totals_words(item.people, item.accounts), ours_words(item))
    summary = "\n".join(part for part in (item.body, row_of(facts)) if part)
    title = labelled(state_words(item.kind, item.state, labels), item.title)
    return Entry(at, f"{link}#{item.state}", link, title, summary)


def _note(note: ItemLine, zone: str) -> Entry:
    """It has a day alone: its beginning where the reader is."""
    link = of_portal(url_for("knowledge.show", slug=note.slug))
    at = datetime.combine(note.published_on, time(), ZoneInfo(zone))
    return Entry(at, link, link, note.title, note.summary)


def _step(step: NewestStep, room: str, labels: Mapping[tuple[str, str], str]) -> Entry:
    link = of_portal(url_for(room, key=step.key))
    title = labelled(state_words(step.kind, step.state, labels), step.title)
    return Entry(step.at, f"{link}#{step.id}", link, title, row_of((step.code, step.account)))
