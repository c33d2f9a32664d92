"""Product keeps replies; whoever answers begins with one, in the requester's language."""

import pytest

from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.triage.desk import PAUL, Desk, set_desk
from tests.blueprints.usage import morning
from tests.world import MARA

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
REPLIES = "/settings/replies"


@pytest.fixture
def desk(door: Door) -> Desk:
    return set_desk(door)


def test_made_used_changed_and_deleted(desk: Desk) -> None:
    paul, mara = desk.door.sign_in(PAUL), desk.door.sign_in(MARA)
    assert "No reply is kept yet" in text_of(paul.get(REPLIES))
    thanks = {"name": "Thanks", "en": "Thank you for telling us.", "zh_hans": "谢谢您。"}
    assert paul.post(f"{REPLIES}/new", data=thanks).status_code == 302
    assert "English, 简体中文" in text_of(paul.get(REPLIES))
    offered = mara.get(f"/triage/{desk.ours}").text
    assert 'data-text="Thank you for telling us.">Thanks</option>' in offered
    key = paul.get(REPLIES).text.split(f'href="{REPLIES}/')[2].split('"')[0]
    changed = {**thanks, "en": "", "name": "Many thanks"}
    assert paul.post(f"{REPLIES}/{key}", data=changed).status_code == 302
    offered = mara.get(f"/triage/{desk.ours}").text
    assert 'data-text="谢谢您。">Many thanks</option>' in offered
    assert paul.post(f"{REPLIES}/{key}/deletion").status_code == 302
    assert "No reply is kept yet" in text_of(paul.get(REPLIES))
    assert paul.get(f"{REPLIES}/{key}").status_code == 404


def test_what_is_not_whole_or_not_unlike_is_refused(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    assert paul.post(f"{REPLIES}/new", data={"name": "Empty"}).status_code == 422
    assert paul.post(f"{REPLIES}/new", data={"en": "No name"}).status_code == 422
    good = {"name": "One", "en": "Words"}
    assert paul.post(f"{REPLIES}/new", data=good).status_code == 302
    taken = paul.post(f"{REPLIES}/new", data={**good, "en": "Others"})
    assert taken.status_code == 409
    assert "Another reply has this name." in text_of(taken)
    assert "Others" in taken.text


def test_a_csm_uses_them_and_changes_none(desk: Desk) -> None:
    assert desk.door.sign_in(MARA).get(REPLIES).status_code == 403
