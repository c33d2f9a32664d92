"""Mara clicks twice on "Make task", and there is one task."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.models import ApiKey, Invitation, RenewalOutcome, Task
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.world import ADMIN, MARA, NOW, OSKELUND

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
Typed = dict[str, str]


def once_of(page: str, prefix: str = "") -> str:
    found = re.search(rf'name="{prefix}once" type="hidden" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def the_form(client: FlaskClient, **more: str) -> Typed:
    once = once_of(client.get("/tasks/new").text)
    return {
        "account": OSKELUND.key,
        "kind": "call",
        "title": "Ask about the new plant",
        "due_on": "2026-12-01",
        "owner": "",
        "note": "",
        "once": once,
        **more,
    }


def how_many(door: Door, model: type = Task) -> int:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_sent_twice_it_is_made_once_and_the_second_sees_it(door: Door) -> None:
    mara = door.sign_in(MARA)
    typed = the_form(mara)
    first, second = (mara.post("/tasks", data=typed) for _turn in range(2))
    assert (first.status_code, second.status_code, how_many(door)) == (302, 302, 1)
    assert first.location == second.location
    assert "It was sent twice and is done once." in text_of(mara.get(second.location))


def test_at_the_same_moment_too(door: Door) -> None:
    clients = [door.sign_in(MARA) for _turn in range(4)]
    typed = the_form(clients[0])
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post("/tasks", data=typed), clients))
    assert {answer.status_code for answer in answers} == {302}
    assert (len({answer.location for answer in answers}), how_many(door)) == (1, 1)


def test_another_form_or_another_text_is_another_task(door: Door) -> None:
    mara = door.sign_in(MARA)
    typed = the_form(mara)
    for one in (typed, {**typed, "title": "And the old one"}, the_form(mara)):
        assert mara.post("/tasks", data=one).status_code == 302
    assert how_many(door) == 3


def test_what_was_refused_may_be_sent_again(door: Door) -> None:
    mara = door.sign_in(MARA)
    typed = the_form(mara, title="")
    bad = mara.post("/tasks", data={**typed, "kind": "other"})
    assert (bad.status_code, once_of(bad.text) != typed["once"]) == (422, True)
    # A service's refusal takes back what the form held.
    gone = {**the_form(mara), "alert": "nobody-knows-it"}
    assert [mara.post("/tasks", data=gone).status_code for _turn in range(2)] == [404, 404]
    assert how_many(door) == 0


def an_outcome(client: FlaskClient) -> tuple[str, Typed]:
    page = f"/accounts/{OSKELUND.key}/health"
    once = once_of(client.get(page).text, "outcome-")
    typed = {"outcome-day": "2026-01-31", "outcome-outcome": "renewed", "outcome-once": once}
    return f"/accounts/{OSKELUND.key}/outcomes", typed


def a_key(client: FlaskClient) -> tuple[str, Typed]:
    once = once_of(client.get("/admin/keys").text)
    return "/admin/keys", {"name": "Backend", "kind": "write", "account": "", "once": once}


def an_invitation(client: FlaskClient) -> tuple[str, Typed]:
    once = once_of(client.get("/people").text)
    typed = {"email": "new@oskelund.example", "role": "member", "account": OSKELUND.key}
    return "/people/invitations", {**typed, "locale": "en", "once": once}


@pytest.mark.parametrize(
    ("make", "model"),
    [(an_outcome, RenewalOutcome), (a_key, ApiKey), (an_invitation, Invitation)],
)
def test_other_forms_likewise(
    door: Door, make: Callable[[FlaskClient], tuple[str, Typed]], model: type
) -> None:
    client = door.sign_in(ADMIN)
    before = how_many(door, model)
    address, typed = make(client)
    for _turn in range(2):
        assert client.post(address, data=typed).status_code in {201, 302}
    assert how_many(door, model) == before + 1
