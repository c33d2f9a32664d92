"""/accounts: the accounts in somebody's hands, sorted, filtered, paged and as CSV."""

import csv
import io
import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portal.models import Account
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import JONAS, LAST_DAY, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def add_accounts(door: Door, count: int, name: str = "More", tier: str = "small") -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for number in range(count):
            session.add(
                Account(
                    key=f"{tier}-{number}",
                    name=f"{name} {number:02}",
                    tier=tier,
                    contract_end=LAST_DAY + timedelta(days=number),
                    created_at=NOW,
                )
            )
        session.commit()


def names_in(response: TestResponse) -> list[str]:
    return re.findall(r'<a class="t"\s+href="/accounts/[^"]+">([^<]+)</a>', response.text)


def test_each_sees_the_accounts_in_their_hands(door: Door) -> None:
    assert names_in(door.sign_in(MARA).get("/accounts")) == ["Oskelund Foods"]
    assert names_in(door.sign_in(JONAS).get("/accounts")) == ["Quillon Insurance"]
    both = door.role("manager").get("/accounts")
    assert names_in(both) == ["Oskelund Foods", "Quillon Insurance"]
    assert "Two accounts." in text_of(both)


@pytest.mark.parametrize("address", ["/accounts", "/accounts.csv"])
def test_others_have_no_desk(door: Door, address: str) -> None:
    assert door.visitor().get(address).headers["Location"].startswith("/sign-in")
    for role in ("champion", "member", "executive", "editor", "product"):
        assert door.role(role).get(address).status_code == 403
    assert door.role("manager").post(address).status_code == 405


def test_each_column_says_what_it_means(door: Door) -> None:
    page = door.sign_in(MARA).get("/accounts")
    for figure in ("health", "alerts", "active", "login_ratio_30d", "weeks", "renewal", "last"):
        assert page.text.count(f'id="define-{figure}"') == 1
    assert 'popovertarget="define-health"' in door.sign_in(MARA).get("/accounts?view=map").text


def test_the_figures_stand_beside_the_name(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(30)))
    work(door.world.database, OSKELUND, [1], days_back(45))
    said = text_of(door.sign_in(MARA).get("/accounts"))
    assert "Oskelund Foods Strategic, food – 0 Steady use 5 +4 83 %" in said.replace("\xa0", " ")
    assert "131 days" in said.replace("\xa0", " ")
    assert "20 November" in said.replace("\xa0", " ")


def test_a_column_sorts_both_ways_and_says_so(door: Door) -> None:
    work(door.world.database, QUILLON, range(1, 6), days_back(1, 2))
    greta = door.role("manager")
    down = greta.get("/accounts?sort=mau&dir=desc")
    assert names_in(down) == ["Quillon Insurance", "Oskelund Foods"]
    assert down.text.count('aria-sort="descending"') == 1
    up = greta.get("/accounts?sort=mau")
    assert names_in(up) == ["Oskelund Foods", "Quillon Insurance"]
    assert 'aria-sort="ascending"' in up.text
    by_name = greta.get("/accounts?dir=desc")
    assert names_in(by_name) == ["Quillon Insurance", "Oskelund Foods"]


def test_what_is_not_known_comes_last_either_way(door: Door) -> None:
    work(door.world.database, QUILLON, range(1, 6), days_back(1, 2))
    greta = door.role("manager")
    for direction in ("", "&dir=desc"):
        found = names_in(greta.get(f"/accounts?sort=login{direction}"))
        assert found == ["Quillon Insurance", "Oskelund Foods"]


def test_a_tier_and_a_name_narrow_and_are_kept(door: Door) -> None:
    add_accounts(door, 30)
    greta = door.role("manager")
    assert names_in(greta.get("/accounts?tier=strategic")) == ["Oskelund Foods"]
    assert names_in(greta.get("/accounts?q=INSUR")) == ["Quillon Insurance"]
    page = greta.get("/accounts?q=more&tier=small&sort=renewal&dir=desc&page=2")
    assert names_in(page) == [f"More {number:02}" for number in (4, 3, 2, 1, 0)]
    said = text_of(page)
    assert "32 accounts. 30 of them fit." in said
    assert "26–30 of 30" in said
    back = re.search(r'href="([^"]+)"\s+rel="prev"', page.text)
    assert back is not None
    assert back[1] == "/accounts?q=more&amp;tier=small&amp;sort=renewal&amp;dir=desc"


def test_nothing_fits_and_the_way_back_is_shown(door: Door) -> None:
    page = door.sign_in(MARA).get("/accounts?q=nobody")
    assert "No account fits" in text_of(page)
    assert "Show all accounts" in page.text


@pytest.mark.parametrize(
    "query",
    ["sort=password", "dir=sideways", "tier=king", "page=-1", "page=9999", "page=½", "q=%00%25_'"],
)
def test_what_is_not_understood_is_not_asked(door: Door, query: str) -> None:
    assert door.sign_in(MARA).get(f"/accounts?{query}").status_code == 200
    assert door.sign_in(MARA).get(f"/accounts.csv?{query}").status_code == 200


def test_the_file_holds_what_fits_and_no_formula(door: Door) -> None:
    add_accounts(door, 1, name="=HYPERLINK(1)", tier="standard")
    greta = door.role("manager")
    response = greta.get("/accounts.csv?tier=standard&dir=desc")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="accounts-2026-11-21.csv"' in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Quillon Insurance", "'=HYPERLINK(1) 00"]
    assert rows[0]["seats"] == str(QUILLON.seats)
    assert rows[0]["login_ratio_30d"] == ""
    assert rows[0]["contract_end"] == (LAST_DAY + timedelta(days=QUILLON.renews)).isoformat()


def test_the_statements_do_not_grow_with_the_accounts(door: Door) -> None:
    """Neither when the process reads them all nor when it knows them already."""
    greta, database = door.role("manager"), door.world.database
    greta.get("/accounts")
    add_accounts(door, 1)
    with counted(database) as few:
        greta.get("/accounts")
    add_accounts(door, 9, tier="standard")
    with counted(database) as many:
        assert len(names_in(greta.get("/accounts"))) == 12
    with counted(database) as again:
        greta.get("/accounts")
    assert len(many) == len(few)
    assert len(again) < len(few)
