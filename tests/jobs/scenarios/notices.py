"""What people are told of requests."""

from sqlalchemy import func, select

from portal.models import Account, Mail, Notice, Request, RequestFollow, User
from portal.services.outbox import announce
from portal.services.requests.steps import TOLD
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import NOON, at
from tests.world import INGRID, OSKELUND, PIA, build_world


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


SCENARIOS = {TOLD: Scenario(ask_to_tell, check_told)}
