"""/accounts: filters by segment, stage, health and CSM, and the same accounts as a map."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.models import Account, Alert, HealthNewest
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.desk.test_timeline import alert
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, morning
from tests.world import JONAS, LAST_DAY, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def add_scored(door: Door, count: int, band: str = "red", stage: str = "renewal") -> None:
    """Accounts of nobody, the first of them without an end of the contract."""
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        made = [
            Account(
                key=f"{band}-{number}",
                name=f"{band.title()} {number:03}",
                tier="small",
                stage=stage,
                seats=10 + number,
                contract_end=LAST_DAY + timedelta(days=number) if number else None,
                created_at=NOW,
            )
            for number in range(count)
        ]
        session.add_all(made)
        session.flush()
        session.add_all(
            HealthNewest(
                account_id=one.id, day=LAST_DAY, score=30 + one.id % 5, band=band, before=40
            )
            for one in made
        )
        session.commit()


def names_in(page: TestResponse) -> list[str]:
    return re.findall(r'<a class="t"\s+href="/accounts/[^"]+">([^<]+)</a>', page.text)


def marks_in(page: TestResponse) -> list[str]:
    broad = page.text.partition('class="broad"')[2].partition("</svg>")[0]
    return re.findall(r'<a href="/accounts/([^"]+)"', broad)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("segment=small", ["Red 000", "Red 001"]),
        ("segment=strategic", ["Oskelund Foods"]),
        ("segment=others", []),
        ("stage=renewal", ["Red 000", "Red 001"]),
        ("health=red", ["Red 000", "Red 001"]),
        ("health=none", ["Oskelund Foods", "Quillon Insurance"]),
        ("owner=none", ["Red 000", "Red 001"]),
        ("near=1&segment=small", ["Red 001"]),
        ("stage=renewal&q=001&health=red&tier=small", ["Red 001"]),
        ("stage=moon&health=blue", ["Oskelund Foods", "Quillon Insurance", "Red 000", "Red 001"]),
    ],
)
def test_a_filter_leaves_what_fits(door: Door, asked: str, expected: list[str]) -> None:
    add_scored(door, 2)
    page = door.role("manager").get(f"/accounts?{asked}")
    assert names_in(page) == expected
    rows = csv.reader(io.StringIO(door.role("manager").get(f"/accounts.csv?{asked}").text))
    assert [row[1] for row in rows][1:] == expected


def test_a_manager_chooses_whose_accounts(door: Door) -> None:
    greta = door.role("manager")
    page = greta.get("/accounts")
    mara = re.search(r'<option value="([^"]+)">Mara Quill</option>', page.text)
    assert mara
    assert names_in(greta.get(f"/accounts?owner={mara.group(1)}")) == ["Oskelund Foods"]
    assert 'name="owner"' not in door.sign_in(MARA).get("/accounts").text


def test_alerts_and_stages_are_columns_that_sort(door: Door) -> None:
    add_scored(door, 1, stage="signed")
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(alert(door.world.accounts[QUILLON.key], LAST_DAY))
        session.add(alert(door.world.accounts[OSKELUND.key], LAST_DAY, LAST_DAY))
        session.commit()
        assert len(session.scalars(select(Alert)).all()) == 2
    greta = door.role("manager")
    assert names_in(greta.get("/accounts?sort=alerts&dir=desc"))[0] == "Quillon Insurance"
    assert names_in(greta.get("/accounts?sort=stage"))[0] == "Red 000"
    assert names_in(greta.get("/accounts?sort=owner"))[-1] == "Red 000", "nobody comes last"
    rows = list(csv.DictReader(io.StringIO(greta.get("/accounts.csv").text)))
    found = {row["name"]: row for row in rows}
    assert found["Quillon Insurance"]["open_alerts"] == "1"
    assert found["Oskelund Foods"]["open_alerts"] == "0"
    assert found["Oskelund Foods"]["success_manager"] == "Mara Quill"
    assert found["Red 000"]["stage"] == "signed"
    assert found["Red 000"]["segment"] == "small"


def test_the_map_has_a_mark_for_each_and_the_others_beside_it(door: Door) -> None:
    add_scored(door, 4)
    page = door.role("manager").get("/accounts?view=map")
    assert sorted(marks_in(page)) == ["red-1", "red-2", "red-3"]
    said = text_of(page)
    assert "3 accounts that renew within 90 days are not healthy." in said
    beside = said.partition("Not on the map")[2]
    assert "Oskelund Foods no score yet" in beside
    assert "Red 000 no end of the contract" in beside
    assert "Show as a table" in said
    assert "Red 002: health 3" in page.text
    filtered = door.role("manager").get("/accounts?view=map&q=002&stage=renewal")
    assert marks_in(filtered) == ["red-2"]
    assert 'name="view" value="map"' in filtered.text
    assert marks_in(door.sign_in(JONAS).get("/accounts?view=map")) == []


def test_a_crowd_is_drawn_in_cells_and_the_page_says_so(door: Door) -> None:
    add_scored(door, 320)
    greta = door.role("manager")
    greta.get("/accounts?view=map")
    with counted(door.world.database) as sent:
        page = greta.get("/accounts?view=map")
    assert len(sent) <= 16, "\n".join(sent)
    assert len(marks_in(page)) == 300
    assert "300 of 319 accounts have a mark" in text_of(page)
    cells = re.findall(
        r"<title>(\d+) accounts?</title>",
        page.text.partition('class="broad"')[2].partition("</svg>")[0],
    )
    assert sum(int(one) for one in cells) == 19
