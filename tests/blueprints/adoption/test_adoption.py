"""/adoption: what a champion reads of the own account, and the desk of any in reach."""

import csv
import io
from decimal import Decimal

import pytest
from sqlalchemy import delete, update

from portal.domain.volumes import Pushed
from portal.models import Account, Feature, PeerMedian
from portal.services.catalogue.version import raise_version
from portal.services.imports import import_people
from portal.services.volumes import push_volumes
from portal.tenancy import system_scope
from portal.usage.sealing import seal
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import ELIF, HENRIK, INGRID, LAST_DAY, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
# The reader, their session and the guards included; of these one is SQLite's BEGIN.
MOST_STATEMENTS, FEW_STATEMENTS = 12, 5
pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def busy(door: Door) -> Door:
    """Four of Oskelund's six persons worked on each of the last sixty days."""
    work(door.world.database, OSKELUND, range(1, 5), days_back(*range(60)))
    return door


def test_ingrid_reads_how_far_her_company_has_got(busy: Door) -> None:
    page = busy.sign_in(INGRID).get("/adoption")
    said = text_of(page)
    assert page.status_code == 200
    assert "4 of 6 people worked in Ferrymark in the last 30 days." in said
    assert "1 of 10 core features are in use" in said
    assert "4 of 300 seats" in said
    assert "Quillon" not in said


def test_the_login_ratio_names_only_those_of_its_people_who_are_set_up(busy: Door) -> None:
    work(busy.world.database, OSKELUND, [9001, 9002], days_back(1))
    said = text_of(busy.sign_in(INGRID).get("/adoption"))
    assert "4 of 6 people worked in Ferrymark" in said
    assert "4 active in 30 days, 6 set up" in said


def test_before_the_first_event_it_says_what_comes(door: Door) -> None:
    said = text_of(door.sign_in(INGRID).get("/adoption"))
    assert "No usage in this time" in said


DEFINED = {
    "": ("weekly", "breadth", "depth", "hours", "integration_calls", "teams", "stickiness"),
    "/people": ("person",),
    "/lifecycle": ("lifecycle",),
    "/retention": ("retention",),
    "/online": ("time_online_person", "online_spread"),
}
BASIS = "in Oslo. Since the first event:"


@pytest.mark.parametrize("page", DEFINED)
def test_every_figure_says_what_it_means_and_what_it_rests_on(busy: Door, page: str) -> None:
    answer = busy.sign_in(INGRID).get(f"/adoption{page}")
    for figure in DEFINED[page]:
        assert f'popovertarget="define-{figure}"' in answer.text
        assert answer.text.count(f'id="define-{figure}"') == 1
    assert BASIS in text_of(answer)


def test_groups_say_it_too(busy: Door) -> None:
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.get_one(Account, busy.world.accounts[OSKELUND.key]).people_shown = "groups"
        session.commit()
    answer = busy.sign_in(INGRID).get("/adoption/people")
    assert 'popovertarget="define-teams"' in answer.text
    assert BASIS in text_of(answer)


def test_series_stand_on_their_own_days_also_where_nobody_works(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        items = [Pushed(f"i-{day}", "orders", day, Decimal(2)) for day in days_back(1, 4)]
        push_volumes(session, OSKELUND.key, items)
    said = text_of(door.sign_in(INGRID).get("/adoption?window=7")).replace("\xa0", " ")
    newest = f"{items[0].day.day} November 2026"
    assert f"Last figure for {newest}. Since the first figure: 5 of 7 days. 2 of them have" in said
    assert "No event has arrived yet." in said


def test_a_range_of_her_own_is_kept_in_the_address(busy: Door) -> None:
    page = busy.sign_in(INGRID).get("/adoption?from=2026-10-01&to=2026-10-10")
    said = text_of(page).replace("\xa0", " ")
    assert "4 of 6 people worked in Ferrymark from 1 October 2026 to 10 October 2026." in said
    assert "from=2026-10-01" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("window=31", "Choose 7, 30 or 90 days."),
        ("from=2026-10-10&to=2026-10-01", "The last day is before the first."),
        ("from=2026-10-01&to=2126-10-01", "There are figures up to"),
        ("from=yesterday&to=2026-10-01", "Give the day like 2026-09-30."),
        ("from=0001-01-01&to=2026-10-01", ""),
    ],
)
def test_impossible_days_are_refused_with_a_reason(door: Door, query: str, said: str) -> None:
    answer = door.sign_in(INGRID).get(f"/adoption?{query}")
    assert answer.status_code == 422
    assert said in text_of(answer).replace("\xa0", " ")


def test_it_is_for_champions_and_the_desk(door: Door) -> None:
    assert door.sign_in(PIA).get("/adoption").status_code == 403
    assert door.sign_in(HENRIK).get("/adoption").status_code == 403
    assert "/sign-in" in door.visitor().get("/adoption").headers["Location"]
    assert door.sign_in(MARA).get(f"/accounts/{OSKELUND.key}/adoption").status_code == 200
    assert door.sign_in(MARA).get(f"/accounts/{QUILLON.key}/adoption").status_code == 404
    assert door.sign_in(INGRID).get(f"/accounts/{OSKELUND.key}/adoption").status_code == 403
    assert door.sign_in(INGRID).post("/adoption").status_code == 405


def test_nothing_new_is_not_sent_again(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    tag = ingrid.get("/adoption").headers["ETag"]
    again = {"If-None-Match": tag}
    assert ingrid.get("/adoption", headers=again).status_code == 304
    assert ingrid.get("/adoption?window=7", headers=again).status_code == 200
    assert ingrid.get("/adoption?locale=zh-Hans", headers=again).status_code == 200
    assert busy.sign_in(ELIF).get("/adoption", headers=again).status_code == 200
    work(busy.world.database, OSKELUND, [5], days_back(1))
    assert ingrid.get("/adoption", headers=again).status_code == 200


def test_people_are_sorted_found_and_counted(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    first = ingrid.get("/adoption/people?sort=name&dir=asc")
    assert first.text.index("Person 1") < first.text.index("Person 6")
    last = ingrid.get("/adoption/people?sort=name&dir=desc")
    assert last.text.index("Person 6") < last.text.index("Person 1")
    assert "Person 5" not in ingrid.get("/adoption/people?q=Person+3").text
    assert "Nobody fits" in ingrid.get("/adoption/people?q=nobody+here").text
    assert ingrid.get("/adoption/people?sort=salary").status_code == 422


def test_where_the_account_wants_groups_nobody_is_named(busy: Door) -> None:
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.get_one(Account, busy.world.accounts[OSKELUND.key]).people_shown = "groups"
        session.commit()
    readers = ((INGRID, "/adoption"), (MARA, f"/accounts/{OSKELUND.key}/adoption"))
    for email, page in readers:
        for address in (f"{page}/people", f"{page}/people.csv"):
            answer = busy.sign_in(email).get(address)
            assert answer.status_code == 200
            assert "Person 1" not in answer.text


@pytest.mark.parametrize("what", ["days", "features", "people", "teams"])
def test_each_table_comes_as_csv(busy: Door, what: str) -> None:
    answer = busy.sign_in(INGRID).get(f"/adoption/{what}.csv?window=7")
    assert answer.mimetype == "text/csv"
    assert (
        f'filename="{OSKELUND.key}-{what}-2026-11-14-2026-11-20.csv"'
        in (answer.headers["Content-Disposition"])
    )
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows
    if what == "days":
        assert [row["dau"] for row in rows] == ["4"] * 7


def test_there_is_no_other_table(door: Door) -> None:
    assert door.sign_in(INGRID).get("/adoption/secrets.csv").status_code == 404


def test_the_page_costs_as_many_statements_with_more_usage(door: Door) -> None:
    ingrid, database = door.sign_in(INGRID), door.world.database
    work(database, OSKELUND, [1], days_back(0))
    ingrid.get("/adoption?window=90")
    work(database, OSKELUND, [1], days_back(30))
    with counted(database) as few:
        ingrid.get("/adoption?window=90")
    work(database, OSKELUND, range(1, 7), days_back(*range(80)), "Request Forms Used")
    with counted(database) as many:
        ingrid.get("/adoption?window=90")
    assert max(len(few), len(many)) <= MOST_STATEMENTS, "\n".join(many)


def test_it_costs_no_more_with_sealed_days_volumes_and_named_activation(door: Door) -> None:
    """The first page of a process after each of them."""
    ingrid, database = door.sign_in(INGRID), door.world.database
    work(database, OSKELUND, range(1, 7), days_back(*range(80)))
    ingrid.get("/me")
    assert seal(database, NOW).blocks
    pushed = [Pushed("one", "orders", LAST_DAY, Decimal(5))]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        push_volumes(session, OSKELUND.key, pushed)
        session.execute(update(Feature).where(Feature.core).values(activation=True))
        raise_version(session)
        session.commit()
    with counted(database) as sent:
        assert ingrid.get("/adoption?window=90").status_code == 200
    assert len([one for one in sent if "usage_sealed" in one]) == 1
    assert len([one for one in sent if "volume_day" in one]) == 1
    assert len(sent) <= MOST_STATEMENTS, "\n".join(sent)


def test_an_unchanged_page_asks_next_to_nothing(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    first = ingrid.get("/adoption")
    with counted(busy.world.database) as again:
        assert ingrid.get("/adoption").text == first.text
    assert len(again) <= FEW_STATEMENTS, "\n".join(again)
    with counted(busy.world.database) as held:
        answer = ingrid.get("/adoption", headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 304
    assert len(held) <= FEW_STATEMENTS, "\n".join(held)


def compare(door: Door, **medians: float) -> None:
    """What the nightly job keeps; the other accounts' are others."""
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(delete(PeerMedian))
        for account in door.world.accounts.values():
            own = account == door.world.accounts[OSKELUND.key]
            session.add_all(
                PeerMedian(
                    account_id=account,
                    metric=metric,
                    day=LAST_DAY,
                    median=median if own else median + 0.07,
                    others=5,
                )
                for metric, median in medians.items()
            )
        session.commit()


def test_peers_stand_where_the_figure_stands(busy: Door) -> None:
    def said(query: str = "") -> str:
        return text_of(busy.sign_in(INGRID).get(f"/adoption{query}")).replace("\xa0", " ")

    assert "Peers:" not in said()
    compare(busy, login_ratio_30d=0.61, breadth=0.33, time_online_each=5400.0)
    now = said()
    assert "Peers: 61 %" in now
    assert "Breadth: 10 %, peers 33 %." in now
    assert "Time online each: 0 min, peers 1 h 30 min." in now
    assert "the median of the other accounts of the same segment, on 20 November 2026" in now
    assert "68 %" not in now
    week = said("?window=7")
    assert "Peers: 61 %" in week
    assert "33 %" not in week
    assert "Peers:" not in said("?from=2026-10-01&to=2026-10-30")


def test_peers_cost_no_statement_and_show_at_once(busy: Door) -> None:
    ingrid, database = busy.sign_in(INGRID), busy.world.database
    again = {"If-None-Match": ingrid.get("/adoption").headers["ETag"]}
    assert ingrid.get("/adoption", headers=again).status_code == 304
    with counted(database) as without:
        ingrid.get("/adoption?window=90")
    compare(busy, login_ratio_30d=0.61, stickiness=0.2)
    assert "61" in ingrid.get("/adoption", headers=again).text
    with counted(database) as beside:
        ingrid.get("/adoption?window=90")
    assert len(beside) <= len(without) <= MOST_STATEMENTS
    again = {"If-None-Match": ingrid.get("/adoption").headers["ETag"]}
    assert ingrid.get("/adoption", headers=again).status_code == 304


def test_what_was_made_for_one_reader_is_not_the_other_side_s(busy: Door) -> None:
    own = busy.sign_in(INGRID).get("/adoption").text
    desk = busy.sign_in(MARA).get(f"/accounts/{OSKELUND.key}/adoption").text
    assert 'href="/adoption/days.csv"' in own
    assert f'href="/accounts/{OSKELUND.key}/adoption/days.csv"' in desk
    assert 'href="/adoption/days.csv"' not in desk


def test_today_s_events_leave_the_page_as_it_is_but_for_their_time(busy: Door) -> None:
    ingrid, database = busy.sign_in(INGRID), busy.world.database
    first = ingrid.get("/adoption")
    work(database, OSKELUND, [5], days_back(-1))
    again = ingrid.get("/adoption", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "4 of 6 people worked" in text_of(again)
    assert again.text != first.text
    work(database, OSKELUND, [6], days_back(-1))
    held = ingrid.get("/adoption", headers={"If-None-Match": again.headers["ETag"]})
    assert held.status_code == 304


def test_a_new_list_of_persons_shows_at_once(busy: Door) -> None:
    ingrid, database = busy.sign_in(INGRID), busy.world.database
    first = ingrid.get("/adoption")
    rows = f"account,external_id,active_from\n{OSKELUND.key},new-one,2026-01-01\n"
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        import_people(session, rows.encode())
    again = ingrid.get("/adoption", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "4 of 7 people worked in Ferrymark" in text_of(again)


def test_a_changed_catalogue_shows_at_once(busy: Door) -> None:
    ingrid, database = busy.sign_in(INGRID), busy.world.database
    ingrid.get("/adoption")
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Feature).values(core=False))
        raise_version(session)
        session.commit()
    assert "1 of 10 core features" not in text_of(ingrid.get("/adoption"))
