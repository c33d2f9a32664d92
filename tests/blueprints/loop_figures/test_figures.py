"""/requests/figures and /triage/figures: medians with how many, and nothing of too few."""

from datetime import UTC, datetime, timedelta

from portal.models import Request, RequestEvent
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.services.requests.town import PAUL
from tests.world import ELIF, HENRIK, INGRID, MARA, NOW, OSKELUND, QUILLON


def add(door: Door, company: str, count: int) -> None:
    """Answered after three hours, and confirmed after four days, in these days of the test."""
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for number in range(count):
            begun = datetime.now(UTC) - timedelta(days=6)
            request = Request(
                account_id=door.world.accounts[company],
                code=f"{company[:3]}-{number}",
                kind="need",
                state="confirmed",
                title="x",
                told={},
                text="",
                locale="en",
                created_at=begun,
                updated_at=begun,
                answered_at=begun + timedelta(hours=3),
                settled_at=begun + timedelta(days=4),
            )
            session.add(request)
            session.flush()
            step = RequestEvent(
                account_id=request.account_id,
                request_id=request.id,
                kind="state",
                from_state="released",
                to_state="confirmed",
                at=begun + timedelta(days=4),
                side="customer",
            )
            session.add(step)
        session.commit()


def test_a_customer_reads_those_of_their_own_account(door: Door) -> None:
    add(door, OSKELUND.key, 5)
    add(door, QUILLON.key, 4)
    page = text_of(door.sign_in(INGRID).get("/requests/figures?days=365"))
    assert "Half of the requests had a first answer within 3 h" in page
    assert "of 5 requests" in page
    assert "5 of 5 releases" in page
    assert "median of answered − handed in" in page
    few = text_of(door.sign_in(ELIF).get("/requests/figures?days=365"))
    assert "How your requests go" in few
    assert "too little data: 4" in few
    assert "3 h" not in few
    assert door.sign_in(HENRIK).get("/requests/figures").status_code == 200
    assert door.sign_in(PAUL).get("/requests/figures").status_code in {403, 404}


def test_the_vendor_reads_all_account_by_account_and_as_a_file(door: Door) -> None:
    add(door, OSKELUND.key, 5)
    add(door, QUILLON.key, 4)
    paul = door.sign_in(PAUL)
    page = paul.get("/triage/figures?days=365&sort=answer")
    assert page.text.index(OSKELUND.name) < page.text.index(QUILLON.name)
    assert 'aria-sort="ascending"' in page.text
    assert "of 9 requests" in text_of(page)
    table = paul.get("/triage/figures.csv?days=365").text.splitlines()
    assert table[1].startswith("All,3.0,,,,4.0,1.0,0.0,0.0,9,9")
    assert table[3].startswith(f"{QUILLON.name},,,,,,,,,4,4")
    mara = text_of(door.sign_in(MARA).get("/triage/figures?days=365"))
    assert OSKELUND.name in mara
    assert QUILLON.name not in mara


def test_an_empty_house_and_odd_questions(door: Door) -> None:
    paul = door.sign_in(PAUL)
    assert "Nothing ended in this time." in text_of(paul.get("/triage/figures"))
    for odd in ("days=-1", "days=x", "sort=nothing&dir=up", "sort=confirmed&dir=desc"):
        assert paul.get(f"/triage/figures?{odd}").status_code == 200
    assert door.sign_in(INGRID).get("/triage/figures").status_code == 403
