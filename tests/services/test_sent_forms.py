"""A form that makes something is held by one request, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from portal.db import Database
from portal.services.sent_forms import find_answer, hold_form, note_answer
from portal.tenancy import system_scope
from tests.moments import NOON


def holds(database: Database, here: Event) -> bool:
    with database.session(system_scope(NOON, "second"), writes=False) as session:
        here.set()
        return hold_form(session, "a form")


@pytest.mark.parametrize("kept", [True, False])
def test_the_second_waits_for_what_becomes_of_the_first(database: Database, *, kept: bool) -> None:
    here = Event()
    with ThreadPoolExecutor(1) as pool:
        with database.session(system_scope(NOON, "first"), writes=True) as session:
            assert hold_form(session, "a form")
            second = pool.submit(holds, database, here)
            assert here.wait(10)
            if kept:
                session.commit()
        assert second.result(20) is not kept


def test_the_answer_is_found_by_whoever_comes_later(database: Database) -> None:
    with database.session(system_scope(NOON, "first"), writes=True) as session:
        assert hold_form(session, "a form")
        session.commit()
        assert find_answer(session, "a form") == ""
        note_answer(session, "a form", "/tasks/x")
    with database.session(system_scope(NOON, "second"), writes=True) as session:
        assert not hold_form(session, "a form")
        assert find_answer(session, "a form") == "/tasks/x"
        assert hold_form(session, "another")
