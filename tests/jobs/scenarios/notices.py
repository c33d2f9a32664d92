"""What people are told of requests and certificates."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.models import (
    Account,
    Mail,
    Notice,
    NoticeChoice,
    Request,
    RequestConfirmation,
    RequestEvent,
    RequestFollow,
    SharedRequest,
    SharedRequestText,
    User,
)
from portal.services.jobs import enqueue
from portal.services.outbox import announce
from portal.services.requests.steps import TOLD
from tests.certificates import Given
from tests.jobs.scenarios.place import Place, Scenario
from tests.jobs.scenarios.training import add_course
from tests.jobs.workers import MONDAY
from tests.moments import NOON, at
from tests.world import INGRID, OSKELUND, PIA, build_world

PLANNED = {
    "request_kind": "need",
    "what": "state",
    "state": "planned",
    "who": "Paul",
    "account": "",
    "text": "",
    "release": "0",
    "due": "",
}


def ask_to_tell(place: Place, turn: int) -> None:
    """Ingrid's request, which Pia follows, is planned once more."""
    if turn == 0:
        build_world(place.database)
        add_request(place)
    with at(place.database) as session:
        payload = {"request": "own-plants", "what": "state", "by": None, "to_state": "planned"}
        announce(session, TOLD, payload, f"{TOLD}:{turn}")
        session.commit()


def add_request(place: Place) -> None:
    with at(place.database) as session:
        account_id = session.scalars(select(Account.id).where(Account.key == OSKELUND.key)).one()
        people = select(User.email, User.id).where(User.email.in_([INGRID, PIA]))
        ids = {row.email: row.id for row in session.execute(people)}
        request = Request(
            key="own-plants",
            account_id=account_id,
            code="R-22222",
            kind="need",
            state="planned",
            title="Own plants",
            told={},
            text="",
            locale="en",
            requester_id=ids[INGRID],
            created_at=NOON,
            updated_at=NOON,
        )
        session.add(request)
        session.flush()
        follow = {"account_id": account_id, "request_id": request.id, "at": NOON}
        session.add_all([RequestFollow(**follow, user_id=one) for one in ids.values()])
        session.commit()


def check_told(place: Place, turn: int) -> None:
    """A notice each, and a mail to her whose request it is."""
    with at(place.database) as session:
        assert session.scalar(select(func.count(Notice.id))) == 2 * (turn + 1)
        assert list(session.scalars(select(Mail.recipient))) == [INGRID] * (turn + 1)


def ask_for_digest(place: Place, turn: int) -> None:
    """Each turn is another person's morning: of a person and day there is one."""
    if turn == 0:
        build_world(place.database)
        add_request(place)
    with at(place.database) as session:
        ingrid = session.scalars(select(User).where(User.email == INGRID)).one()
        reader = User(
            account_id=ingrid.account_id,
            email=f"reader-{turn}@oskelund.example",
            role="member",
            fs_uniquifier=f"reader-{turn}",
            created_at=NOON,
        )
        session.add(reader)
        session.flush()
        values = {"request": "own-plants", "code": "R-22222", "title": "Own plants"}
        notice = Notice(
            idempotency_key=f"told:{turn}",
            account_id=ingrid.account_id,
            user_id=reader.id,
            kind="followed_moved",
            path="/requests/own-plants",
            values={**values, **PLANNED},
            created_at=NOON,
            mail="digest",
        )
        session.add(notice)
        enqueue(session, "notices.digest", {})
        session.commit()


def check_digest(place: Place, turn: int) -> None:
    with at(place.database) as session:
        readers = [f"reader-{number}@oskelund.example" for number in range(turn + 1)]
        assert sorted(session.scalars(select(Mail.recipient))) == sorted(readers)
        assert session.scalars(select(Notice.id).where(Notice.mailed_at.is_(None))).all() == []


def ask_silent(place: Place, turn: int, job: str) -> None:
    """Each turn is another release, asked long ago."""
    if turn == 0:
        build_world(place.database)
        add_request(place)
    with at(place.database) as session:
        request = session.scalars(select(Request)).one()
        request.state, request.release, request.released_at = "released", turn + 1, NOON
        session.add(
            RequestConfirmation(
                account_id=request.account_id,
                request_id=request.id,
                release=turn + 1,
                user_id=request.requester_id,
                asked_at=NOON,
            )
        )
        enqueue(session, job, {})
        session.commit()


def ask_to_remind(place: Place, turn: int) -> None:
    ask_silent(place, turn, "notices.remind")


def check_reminded(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert list(session.scalars(select(Mail.recipient))) == [INGRID] * (turn + 1)


def ask_to_close(place: Place, turn: int) -> None:
    ask_silent(place, turn, "requests.close-silent")


def check_closed(place: Place, turn: int) -> None:
    """Each release ends once, and Ingrid is told."""
    with at(place.database) as session:
        assert session.scalars(select(Request.state)).all() == ["unconfirmed"]
        assert session.scalar(select(func.count(RequestEvent.id))) == turn + 1
        assert list(session.scalars(select(Mail.recipient))) == [INGRID] * (turn + 1)


def ask_of_certificate(place: Place, turn: int) -> None:
    """Each turn is one more certificate of Pia's, in another course."""
    if turn == 0:
        build_world(place.database)
    slug = f"course-{turn}"
    with at(place.database) as session:
        add_course(session, slug)
        Given(session, slug).to(PIA, MONDAY.date() + timedelta(days=9), {"en": "Shorter chains"})
        pia = session.scalars(select(User).where(User.email == PIA)).one()
        session.merge(
            NoticeChoice(
                account_id=pia.account_id, user_id=pia.id, kind="certificate_ends", way="now"
            )
        )
        enqueue(session, "notices.certificates", {})
        session.commit()


def check_of_certificate(place: Place, turn: int) -> None:
    """A notice and a mail of each."""
    with at(place.database) as session:
        assert session.scalar(select(func.count(Notice.id))) == turn + 1
        assert list(session.scalars(select(Mail.recipient))) == [PIA] * (turn + 1)


def ask_for_news(place: Place, turn: int) -> None:
    """Each turn is another person who wants it: of a person and Monday there is one."""
    if turn == 0:
        build_world(place.database)
    with at(place.database) as session:
        if turn == 0:
            everybody = session.scalars(select(User)).all()
            session.add_all([_wants(one, "off") for one in everybody])
            moved = {"moved_at": MONDAY - timedelta(days=1), "published_at": NOON}
            request = SharedRequest(
                code="S-22222", kind="need", created_at=NOON, updated_at=NOON, **moved
            )
            session.add(request)
            session.flush()
            session.add(SharedRequestText(shared_id=request.id, locale="en", title="Plants"))
        ingrid = session.scalars(select(User).where(User.email == INGRID)).one()
        reader = User(
            account_id=ingrid.account_id,
            email=f"reader-{turn}@oskelund.example",
            role="member",
            fs_uniquifier=f"reader-{turn}",
            created_at=NOON,
        )
        session.add(reader)
        enqueue(session, "notices.news", {})
        session.commit()


def _wants(user: User, way: str) -> NoticeChoice:
    return NoticeChoice(account_id=user.account_id, user_id=user.id, kind="whats_new", way=way)


def check_news(place: Place, turn: int) -> None:
    with at(place.database) as session:
        readers = [f"reader-{number}@oskelund.example" for number in range(turn + 1)]
        assert sorted(session.scalars(select(Mail.recipient))) == sorted(readers)


SCENARIOS = {
    "notices.news": Scenario(ask_for_news, check_news),
    "notices.certificates": Scenario(ask_of_certificate, check_of_certificate),
    TOLD: Scenario(ask_to_tell, check_told),
    "notices.digest": Scenario(ask_for_digest, check_digest),
    "notices.remind": Scenario(ask_to_remind, check_reminded),
    "requests.close-silent": Scenario(ask_to_close, check_closed),
}
