from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.domain.search_gaps import KEPT_DAYS
from portal.models import (
    IncomingMail,
    Mail,
    RateBucket,
    RefusedRequest,
    SearchQuestion,
    SentForm,
    User,
    UserSession,
    WorkerBeat,
)
from portal.services.cleaning import clean_up
from tests.moments import NOON, at

DAY = timedelta(days=1)


def a_session(name: str, created: datetime, seen: datetime, ended: datetime | None) -> UserSession:
    return UserSession(
        user_id=1,
        secret_hash=name,
        created_at=created,
        seen_at=seen,
        ended_at=ended,
        browser=name,
    )


def refused_request(at: datetime) -> RefusedRequest:
    of_nobody = {"door": "segment", "reason": "no-key", "key_id": 0, "hint": "", "agent": ""}
    return RefusedRequest(day=at.date(), requests=1, last_at=at, **of_nobody)


def a_question(text: str, asked_at: datetime) -> SearchQuestion:
    return SearchQuestion(
        day=asked_at.date(), locale="en", side="visitor", question=text, folded=text
    )


def test_what_nobody_asks_for_again_goes_and_the_rest_stays(database: Database) -> None:
    with at(database) as session:
        session.add(
            User(id=1, email="a@b.example", role="admin", fs_uniquifier="u", created_at=NOON)
        )
        session.flush()
        session.add_all(
            [
                a_session("fresh", NOON, NOON, None),
                a_session("ended lately", NOON, NOON, NOON - DAY),
                a_session("ended long ago", NOON, NOON, NOON - 31 * DAY),
                a_session("idle", NOON - 50 * DAY, NOON - 45 * DAY, None),
                a_session("too old", NOON - 91 * DAY, NOON, None),
                RateBucket(name="full", tokens=1, at=(NOON - 2 * DAY).timestamp()),
                RateBucket(name="used", tokens=1, at=(NOON - DAY / 2).timestamp()),
                SentForm(key="old", sent_at=NOON - 8 * DAY),
                SentForm(key="late", sent_at=NOON - 6 * DAY),
                WorkerBeat(name="gone", started_at=NOON - 2 * DAY, seen_at=NOON - 2 * DAY),
                WorkerBeat(name="here", started_at=NOON - 2 * DAY, seen_at=NOON),
                a_question("old", NOON - (KEPT_DAYS + 1) * DAY),
                a_question("late", NOON - KEPT_DAYS * DAY),
                *(refused_request(NOON - days * DAY) for days in (91, 89)),
                IncomingMail(digest="old", outcome="message", at=NOON - 31 * DAY),
                IncomingMail(digest="late", outcome="message", at=NOON - 29 * DAY),
            ]
        )
        for number, days in enumerate((91, 89)):
            session.add(
                Mail(
                    idempotency_key=f"{number}",
                    recipient="a@b.example",
                    subject=f"{days}",
                    text="",
                    html="",
                    locale="en",
                    created_at=NOON - days * DAY,
                )
            )
        session.commit()
        gone = clean_up(session)
    assert gone == {
        "user_session": 3,
        "mail": 1,
        "rate_bucket": 1,
        "sent_form": 1,
        "worker_beat": 1,
        "search_question": 1,
        "incoming_mail": 1,
        "refused_request": 1,
        "person_request": 0,  # tests/blueprints/person_data throws files away
    }
    with at(database) as session:
        assert set(session.scalars(select(UserSession.browser))) == {"fresh", "ended lately"}
        assert session.scalars(select(Mail.subject)).all() == ["89"]
        assert session.scalars(select(RateBucket.name)).all() == ["used"]
        assert session.scalars(select(WorkerBeat.name)).all() == ["here"]
        assert session.scalars(select(SentForm.key)).all() == ["late"]
        assert session.scalars(select(SearchQuestion.question)).all() == ["late"]
        assert session.scalars(select(IncomingMail.digest)).all() == ["late"]
        assert sum(clean_up(session).values()) == 0
