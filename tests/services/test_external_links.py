"""Addresses elsewhere: who is asked when, on both databases."""

from datetime import timedelta

import pytest

from portal.db import Database
from portal.domain.errors import Forbidden
from portal.models import ExternalLink
from portal.services.external_links import ask_again, claim_address, note_addresses, note_answer
from portal.services.outgoing import Answer
from tests.hub import reader
from tests.moments import NOON, at
from tests.newsroom import ANNA, as_writer, newsroom

ONE, OTHER, THIRD = "https://a.example/1", "https://a.example/2", "https://b.example/"


def noted(database: Database, *urls: str) -> None:
    with at(database) as session:
        note_addresses(session, set(urls))
        session.commit()


def asked(database: Database, after: timedelta) -> str | None:
    with at(database, NOON + after) as session:
        return claim_address(session)


def answered(database: Database, after: timedelta, answer: Answer) -> None:
    with at(database, NOON + after) as session:
        note_answer(session, ONE, answer)


def the_link(database: Database) -> ExternalLink:
    with at(database) as session:
        return session.query(ExternalLink).where(ExternalLink.url == ONE).one()


def test_each_host_is_left_alone_between_two_questions(database: Database) -> None:
    noted(database, ONE, OTHER, THIRD)
    assert asked(database, timedelta()) == ONE
    assert asked(database, timedelta(seconds=1)) == THIRD
    assert asked(database, timedelta(seconds=119)) is None
    assert asked(database, timedelta(seconds=121)) == OTHER


def test_a_link_is_asked_once_a_week_and_one_of_a_dead_worker_after_an_hour(
    database: Database,
) -> None:
    noted(database, ONE)
    assert asked(database, timedelta()) == ONE
    assert asked(database, timedelta(minutes=59)) is None
    assert asked(database, timedelta(minutes=61)) == ONE
    answered(database, timedelta(minutes=61), Answer("working", 200))
    assert asked(database, timedelta(days=7)) is None
    assert asked(database, timedelta(days=7, minutes=62)) == ONE


def test_since_when_and_when_it_was_good_last(database: Database) -> None:
    noted(database, ONE)
    answered(database, timedelta(), Answer("working", 200))
    answered(database, timedelta(days=7), Answer("gone", 404))
    answered(database, timedelta(days=14), Answer("gone", 410))
    link = the_link(database)
    assert (link.outcome, link.status) == ("gone", 410)
    assert (link.since, link.good_at) == (NOON + timedelta(days=7), NOON)
    answered(database, timedelta(days=21), Answer("unreachable"))
    link = the_link(database)
    assert (link.status, link.since) == (None, NOON + timedelta(days=21))


def test_what_no_text_points_at_any_more_is_forgotten_and_the_rest_kept(
    database: Database,
) -> None:
    noted(database, ONE, OTHER)
    answered(database, timedelta(), Answer("working", 200))
    noted(database, ONE, THIRD, "https://a.example/" + "x" * 500)
    with at(database) as session:
        rows = session.query(ExternalLink).order_by(ExternalLink.url).all()
    assert [(row.url, row.outcome) for row in rows] == [(ONE, "working"), (THIRD, "")]


def test_a_writer_may_have_it_asked_before_its_week_is_over(database: Database) -> None:
    newsroom(database)
    noted(database, ONE)
    answered(database, timedelta(), Answer("gone", 404))
    with as_writer(database, ANNA, NOON + timedelta(hours=1)) as session:
        assert ask_again(session, ONE)
        assert not ask_again(session, OTHER)
    assert asked(database, timedelta(hours=1)) == ONE
    with reader(database, "acme") as session, pytest.raises(Forbidden):
        ask_again(session, ONE)
