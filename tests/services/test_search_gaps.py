"""Questions are counted by account and day, listed by one rule, each reader in their own reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Role
from portal.domain.search_gaps import KEPT_DAYS, GapState
from portal.models import SearchQuestion
from portal.services.search_gaps import GapFilter, GapLine, list_gaps, settle_gap, with_names
from portal.services.search_questions import Note, forget_questions, keep_notes, note_of
from portal.tenancy import Scope, system_scope
from tests.hub import ACME, GLOBEX, fill, reader
from tests.moments import NOON

TODAY = NOON.date()


def note(question: str, account: int | None = ACME, **more: object) -> Note:
    side = "visitor" if account is None else "customer"
    values = {"day": TODAY, "locale": "en", "found": False, **more}
    return Note(side=side, account_id=account, question=question, **values)  # type: ignore[arg-type] # keywords of each test


@pytest.fixture
def hub(database: Database, tmp_path: object) -> Database:
    fill(database, tmp_path)  # type: ignore[arg-type] # a Path
    return database


@contextmanager
def house(database: Database, **more: object) -> Iterator[Session]:
    scope = system_scope(NOON, "test", **more)
    with database.session(scope, writes=True) as session:
        yield session


def keep(database: Database, *notes: Note) -> None:
    with house(database) as session:
        keep_notes(session, notes)


@contextmanager
def csm(database: Database, *accounts: int) -> Iterator[Session]:
    scope = Scope(user_id=None, role=Role.CSM, accounts=frozenset(accounts), now=NOON)
    with database.session(scope, writes=True) as session:
        yield session


def gaps(session: Session, **wanted: object) -> list[GapLine]:
    return with_names(session, list_gaps(session, GapFilter(**wanted)).lines)  # type: ignore[arg-type] # keywords of each test


def test_the_same_question_is_one_line(hub: Database) -> None:
    keep(hub, note("How do I export?"), note("how do i  EXPORT"), note("how do I export", GLOBEX))
    keep(hub, note("How do I export?", day=TODAY - timedelta(days=3)))
    with house(hub) as session:
        (line,) = gaps(session)
    assert (line.counts.asked, line.accounts, line.last) == (4, 2, TODAY)
    assert line.names == ("Acme", "Globex")


def test_traditional_and_simplified_are_one_and_languages_are_not(hub: Database) -> None:
    keep(hub, note("審批流程", locale="zh-Hant"), note("审批流程？", locale="zh-Hant"))
    keep(hub, note("审批流程", locale="zh-Hans"))
    with house(hub) as session:
        assert {(line.locale, line.counts.asked) for line in gaps(session)} == {
            ("zh-Hant", 2),
            ("zh-Hans", 1),
        }


def test_a_csm_sees_what_is_asked_in_their_accounts_and_by_nobody_s(hub: Database) -> None:
    keep(hub, note("of acme"), note("of globex", GLOBEX), note("of a visitor", None))
    keep(hub, note("shared"), note("shared", GLOBEX))
    with csm(hub, ACME) as session:
        found = {line.question: line for line in gaps(session)}
        assert set(found) == {"of acme", "of a visitor", "shared"}
        assert (found["shared"].counts.asked, found["shared"].accounts) == (1, 1)
        assert found["shared"].names == ("Acme",)
        assert gaps(session, account="globex") == []
        with pytest.raises(NotFound):
            settle_gap(session, "of globex", "en", GapState.IGNORED)


def test_an_editor_reads_all_questions_and_no_account(hub: Database) -> None:
    keep(hub, note("of acme"), note("of globex", GLOBEX))
    with reader(hub, "vendor") as session:
        found = gaps(session)
        assert {line.question for line in found} == {"of acme", "of globex"}
        assert {line.names for line in found} == {()}


def test_filters_and_orders(hub: Database) -> None:
    old = TODAY - timedelta(days=2)
    keep(hub, *[note("often", day=old)] * 3, note("lately"), note("deux", locale="zh-Hans"))
    keep(hub, *[note("unopened", found=True)] * 3, note("wide"), note("wide", GLOBEX))
    with house(hub) as session:
        assert [line.question for line in gaps(session)][:2] == ["often", "unopened"]
        assert gaps(session, sort="accounts")[0].question == "wide"
        assert gaps(session, sort="last")[0].question == "unopened"
        assert [line.question for line in gaps(session, kind="unopened")] == ["unopened"]
        assert [line.question for line in gaps(session, locale="zh-Hans")] == ["deux"]
        assert [line.question for line in gaps(session, text="LATE")] == ["lately"]
        assert {line.question for line in gaps(session, account="globex")} == {"wide"}
        assert gaps(session, side="visitor") == []
        states = list_gaps(session, GapFilter(kind="nothing")).states
        assert states[GapState.OPEN] == 4


def test_settled_ones_leave_the_list_and_come_back(hub: Database) -> None:
    keep(hub, note("one"), note("two"), note("three"))
    with house(hub) as session:
        settle_gap(session, "one", "en", GapState.IGNORED)
        settle_gap(session, "Two?", "en", GapState.ANSWERED, "for-everyone")
        assert [line.question for line in gaps(session)] == ["three"]
        (answered,) = gaps(session, state=GapState.ANSWERED)
        assert (answered.question, answered.slug) == ("two", "for-everyone")
        settle_gap(session, "one", "en", GapState.OPEN)
        assert {line.question for line in gaps(session)} == {"one", "three"}
        with pytest.raises(Invalid):
            settle_gap(session, "three", "en", GapState.ANSWERED, "no-such-text")
        with pytest.raises(NotFound):
            settle_gap(session, "never asked", "en", GapState.IGNORED)
    keep(hub, note("two", day=TODAY + timedelta(days=1)))
    with house(hub) as session:
        assert "two" in {line.question for line in gaps(session)}


def test_what_says_nothing_is_not_kept(hub: Database) -> None:
    with house(hub) as session:
        assert keep_notes(session, [note("a"), note("???"), note("\x00"), note("字")]) == 1


def test_old_days_are_forgotten(hub: Database) -> None:
    keep(hub, note("old", day=TODAY - timedelta(days=KEPT_DAYS + 1)), note("new"))
    with house(hub) as session:
        assert forget_questions(session) == 1
        assert session.scalars(select(SearchQuestion.question)).all() == ["new"]


def test_nobody_s_name_is_kept() -> None:
    scope = Scope(
        user_id=7, role=Role.MEMBER, accounts=frozenset({ACME}), now=NOON, actor="p@x.example"
    )
    kept = note_of(scope, "q", "en", found=True)
    assert kept == Note(date(*NOON.timetuple()[:3]), "customer", ACME, "en", "q", found=True)
    staff = Scope(user_id=8, role=Role.CSM, accounts=frozenset({ACME}), now=NOON)
    assert note_of(staff, "q", "en", found=True).account_id is None
    key = Scope(user_id=None, role=Role.MANAGER, accounts=frozenset({ACME}), now=NOON)
    machine = note_of(key, "q", "en", found=True)
    assert (machine.side, machine.account_id) == ("api", ACME)
