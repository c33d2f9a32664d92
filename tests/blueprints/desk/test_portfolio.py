"""/portfolio: the whole of it by health, stage and success manager."""

import pytest

from portal.blueprints.desk.summary import headline
from portal.services.portfolio_summary import Summary
from tests.apps import Door
from tests.blueprints.desk.test_map import add_scored
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, morning
from tests.world import ADMIN, MARA

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def test_a_manager_sees_the_whole(door: Door) -> None:
    add_scored(door, 3)
    greta = door.role("manager")
    greta.get("/portfolio")
    with counted(door.world.database) as sent:
        page = greta.get("/portfolio")
    assert len(sent) <= 16, "\n".join(sent)
    said = text_of(page)
    assert "Five accounts. Three of them are at risk. Two of these renew within 90 days." in said
    assert "at risk 3 2" in said
    assert "no score 2 0" in said
    assert "Renewal 3" in said
    assert "Mara Quill 1 – 0 0" in said
    assert "nobody yet 3" in said
    assert "0 of 5 accounts have sent events, 3 have a health score." in said
    assert 'popovertarget="define-mean_health"' in page.text
    assert door.sign_in(ADMIN).get("/portfolio").status_code == 200


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ({"none": 3}, "Three accounts. None of them has a health score yet."),
        ({"green": 1, "none": 1}, "Two accounts. None of them is at risk."),
        ({"red": 1}, "One account. One of them is at risk."),
        ({}, "No account is in your hands yet."),
    ],
)
def test_it_opens_with_a_sentence(door: Door, bands: dict[str, int], said: str) -> None:
    every = dict.fromkeys(("green", "yellow", "red", "none"), 0)
    found = Summary(sum(bands.values()), 0, {**every, **bands}, every, {}, [], 0, None)
    with door.app.test_request_context():
        assert headline(found).replace("\xa0", " ") == said


def test_others_have_their_own_accounts_only(door: Door) -> None:
    assert door.sign_in(MARA).get("/portfolio").status_code == 403
