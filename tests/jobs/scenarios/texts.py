"""Texts: scheduled ones, mails after each step, reminders."""

from datetime import timedelta

from sqlalchemy import select

from portal.models import ExternalLink, KnowledgeItem, KnowledgeLink, Mail, User
from portal.services.external_links import note_addresses
from portal.services.jobs import enqueue
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft, start_item
from portal.services.knowledge_workflow import (
    ask_for_review,
    publish_now,
    schedule,
    send_back,
)
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import NOON, at
from tests.newsroom import ANNA, BO, PRACTICE, as_writer, newsroom


def _text(place: Place, turn: int) -> str:
    if turn == 0:
        newsroom(place.database)
    slug = f"text-{turn}"
    with as_writer(place.database, ANNA) as session:
        start_item(session, "best-practice", slug, "en", PRACTICE, "Do it.\n")
    return slug


def ask_to_publish(place: Place, turn: int) -> None:
    slug = _text(place, turn)
    with as_writer(place.database, BO, NOON - timedelta(days=2)) as session:
        schedule(session, slug, NOON - timedelta(days=1))


def check_published(place: Place, turn: int) -> None:
    with at(place.database) as session:
        states = session.scalars(select(KnowledgeItem.state)).all()
    assert states == ["published"] * (turn + 1)


def ask_for_review_mail(place: Place, turn: int) -> None:
    slug = _text(place, turn)
    with as_writer(place.database, ANNA) as session:
        ask_for_review(session, slug, "bo")


def ask_for_sent_back_mail(place: Place, turn: int) -> None:
    slug = _text(place, turn)
    with as_writer(place.database, ANNA) as session:
        ask_for_review(session, slug, "bo")
    with as_writer(place.database, BO) as session:
        send_back(session, slug, "Why?")


def ask_for_published_mail(place: Place, turn: int) -> None:
    slug = _text(place, turn)
    with as_writer(place.database, BO) as session:
        publish_now(session, slug)


def _check_mails(place: Place, turn: int, address: str, words: str) -> None:
    with at(place.database) as session:
        mails = session.execute(select(Mail.recipient, Mail.subject)).all()
    assert sum(words in said and to == address for to, said in mails) == turn + 1


def check_reviewer_told(place: Place, turn: int) -> None:
    _check_mails(place, turn, "bo@vendor.example", "waits for your review")


def check_writer_told(place: Place, turn: int) -> None:
    _check_mails(place, turn, "anna@vendor.example", "was sent back")


def check_owner_told(place: Place, turn: int) -> None:
    _check_mails(place, turn, "anna@vendor.example", "is published")


def ask_to_remind(place: Place, turn: int) -> None:
    """A text that has been due for years, on a Monday."""
    slug = _text(place, turn)
    with as_writer(place.database, BO) as session:
        publish_now(session, slug)
    with at(place.database) as session:
        item = session.scalars(select(KnowledgeItem).where(KnowledgeItem.slug == slug)).one()
        item.review_by = NOON.date() - timedelta(days=900)
        if turn == 0:
            for editor in session.scalars(select(User).where(User.id != ANNA)):
                editor.active = False
        enqueue(session, "knowledge.remind", {})
        session.commit()


def check_reminded(place: Place, turn: int) -> None:
    with at(place.database) as session:
        subjects = session.scalars(select(Mail.subject)).all()
        reminded = session.scalars(select(KnowledgeItem.reminded_for)).all()
    assert len([one for one in subjects if "is due for review" in one]) == turn + 1
    assert all(reminded)


def ask_to_check_links(place: Place, turn: int) -> None:
    """A text whose feature no catalogue knows, and that links elsewhere."""
    slug = _text(place, turn)
    with as_writer(place.database, BO) as session:
        token = open_draft(session, slug, "en").token
        linking = DraftInput({}, "[there](https://elsewhere.example/)\n")
        save_draft(session, slug, "en", linking, token)
        publish_now(session, slug)
    with at(place.database) as session:
        enqueue(session, "knowledge.check-links", {})
        session.commit()


def check_links_found(place: Place, turn: int) -> None:
    with at(place.database) as session:
        found = session.scalars(select(KnowledgeLink.trouble)).all()
    assert found == ["unchecked"] * (turn + 1)


def ask_to_ask_elsewhere(place: Place, turn: int) -> None:
    """Addresses that may not be asked: nothing leaves this machine."""
    with at(place.database, NOON - timedelta(days=1)) as session:
        known = set(session.scalars(select(ExternalLink.url)))
        note_addresses(session, {*known, f"http://127.0.0.{turn + 1}/"})
        enqueue(session, "knowledge.ask-elsewhere", {})
        session.commit()


def check_asked(place: Place, turn: int) -> None:
    """A killed worker's own address waits for an hour; all others are answered."""
    with at(place.database) as session:
        rows = session.execute(select(ExternalLink.outcome, ExternalLink.asked_at)).all()
    assert len(rows) == turn + 1
    assert all(row.outcome == "barred" or row.asked_at for row in rows)


SCENARIOS = {
    "knowledge.ask-elsewhere": Scenario(ask_to_ask_elsewhere, check_asked),
    "knowledge.check-links": Scenario(ask_to_check_links, check_links_found),
    "knowledge.publish-due": Scenario(ask_to_publish, check_published),
    "knowledge.asked": Scenario(ask_for_review_mail, check_reviewer_told),
    "knowledge.sent-back": Scenario(ask_for_sent_back_mail, check_writer_told),
    "knowledge.went-live": Scenario(ask_for_published_mail, check_owner_told),
    "knowledge.remind": Scenario(ask_to_remind, check_reminded),
}
