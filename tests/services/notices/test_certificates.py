"""Who has a certificate that ends soon is told of it once, as they wish and may read."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from portal.db import Database
from portal.domain.notices import Notified, Way
from portal.models import KnowledgeAudience, User
from portal.services.notices.choices import choose
from tests.certificates import Given
from tests.courses import SLUG, load_course, write_course
from tests.hub import writing
from tests.moments import NOON
from tests.services.notices.post import PostOffice
from tests.services.notices.test_mails import text_of, to
from tests.services.requests.town import Town
from tests.smtp import Post, smtp_server
from tests.world import ELIF, HENRIK, INGRID, PIA, build_world

JOB, KIND = "notices.certificates", Notified.CERTIFICATE_ENDS
TITLES = {"en": "Shorter chains", "zh-Hans": "缩短审批链"}
LAST = (NOON + timedelta(days=30)).date()
DAY = timedelta(days=1)
CLOSED = delete(KnowledgeAudience).where(KnowledgeAudience.token == "customers")


@pytest.fixture
def post() -> Iterator[Post]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def office(database: Database, tmp_path: Path, post: Post) -> PostOffice:
    town = Town(build_world(database), NOON)
    write_course(tmp_path)
    load_course(database, tmp_path)
    return PostOffice(town, post.url)


def change(office: PostOffice, statement: object) -> None:
    with writing(office.town.world.database) as session:
        session.execute(statement)  # type: ignore[call-overload] # an UPDATE of each caller's
        session.commit()


def test_each_is_told_of_what_ends_within_thirty_days_once(office: PostOffice) -> None:
    with writing(office.town.world.database) as session:
        given = Given(session, SLUG)
        given.to(PIA, LAST, TITLES)
        given.to(INGRID, LAST + DAY, TITLES)
        given.to(INGRID, None, TITLES).withdrawn_at = NOON
        given.to(HENRIK, LAST, TITLES)  # followed by one that lasts
        given.to(HENRIK, LAST + timedelta(days=300), TITLES)
        given.to(ELIF, NOON.date() - DAY, TITLES)  # over already
        session.commit()
    for _ in range(2):
        office.run(JOB)
    assert office.told() == {(PIA, KIND)}
    assert office.values(PIA)[0]["until"] == LAST.isoformat()
    office.town.later(days=1)
    office.run(JOB)
    assert office.told() == {(INGRID, KIND)}


def test_the_day_is_the_account_s(office: PostOffice) -> None:
    with writing(office.town.world.database) as session:
        Given(session, SLUG).to(PIA, LAST + DAY, TITLES)
        session.commit()
    office.town.later(hours=10, minutes=59)  # one minute to midnight in Oslo
    office.run(JOB)
    assert office.told() == set()
    office.town.later(minutes=1)
    office.run(JOB)
    assert office.told() == {(PIA, KIND)}


def test_a_withdrawn_one_and_a_course_of_others_are_nothing_to_tell(office: PostOffice) -> None:
    with writing(office.town.world.database) as session:
        Given(session, SLUG).to(PIA, LAST, TITLES)
        Given(session, SLUG).to(INGRID, LAST, TITLES).withdrawn_at = NOON
        session.commit()
    change(office, CLOSED)
    office.run(JOB)
    assert office.told() == set()


def test_it_comes_in_the_daily_mail_and_where_wished_at_once(
    office: PostOffice, post: Post
) -> None:
    change(office, update(User).where(User.email == PIA).values(locale="zh-Hans"))
    office.town.call(INGRID, choose, {KIND: Way.NOW})
    office.town.call(ELIF, choose, {KIND: Way.OFF})
    with writing(office.town.world.database) as session:
        for email in (PIA, INGRID, ELIF):
            Given(session, SLUG).to(email, LAST, TITLES)
        session.commit()
    office.run(JOB)
    assert office.told() == {(PIA, KIND), (INGRID, KIND)}
    (at_once,) = to(post, INGRID)
    assert at_once["Subject"] == "Ferrymark: your certificate for “Shorter chains” ends soon"
    assert "valid until 1 April 2026" in text_of(at_once)
    assert f"http://localhost/courses/{SLUG}" in text_of(at_once)
    assert "/notices/unsubscribe/" in at_once["List-Unsubscribe"]
    assert to(post, PIA) == []
    for _ in range(2):
        office.run("notices.digest")
    (daily,) = to(post, PIA)
    assert daily["Content-Language"] == "zh-Hans"
    assert "缩短审批链" in text_of(daily)
    assert "2026年4月1日" in text_of(daily)
    assert f"http://localhost/courses/{SLUG}" in text_of(daily)
    assert len(to(post, INGRID)) == 1


def test_the_daily_mail_names_no_course_that_has_been_closed_since(
    office: PostOffice, post: Post
) -> None:
    with writing(office.town.world.database) as session:
        Given(session, SLUG).to(PIA, LAST, TITLES)
        session.commit()
    office.run(JOB)
    change(office, CLOSED)
    office.run("notices.digest")
    assert to(post, PIA) == []
