"""What home and desk pages are composed of, on both databases and inside each reader's scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Forbidden, Invalid, NotFound
from portal.domain.permissions import Role
from portal.services.account_settings import show_people
from portal.services.accounts import account_head
from portal.services.adoption import feature_use
from portal.services.arrivals import list_unlisted, refusal_kinds, show_arrivals
from portal.services.breadth_course import breadth_course
from portal.services.contacts import find_csm, signing_in
from portal.services.content_files import load_content
from portal.services.desk import AccountQuestion, choose, find_accounts, show_account
from portal.services.editorial import keep_texts
from portal.services.home import champion_home, executive_home, member_home
from portal.services.next_steps import lessons, next_steps, teaching
from portal.services.portfolio import list_portfolio
from portal.services.setup_state import show_setup
from portal.services.usage_review import RefusalRow
from portal.tenancy import Scope
from tests.blueprints.usage import EVENT_OF, days_back, work
from tests.courses import load_course, write_course
from tests.hub import write_text
from tests.world import LAST_DAY, NOW, OSKELUND, QUILLON, World, build_world


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


@contextmanager
def acting(
    world: World, role: Role, *companies: str, writes: bool = False, locale: str = "en"
) -> Iterator[Session]:
    """A session of that role; of all accounts where none is named."""
    accounts = frozenset(world.accounts[one] for one in companies) if companies else None
    scope = Scope(user_id=None, role=role, accounts=accounts, now=NOW, locale=locale, actor="test")
    with world.database.session(scope, writes=writes) as session:
        yield session


def teach(world: World, folder: Path) -> None:
    """Practices and answers on three features, one of them for Quillon alone."""
    write_text(folder, "old-answer", "customers", features="[approval-chains, delegation]")
    for locale in ("en", "zh-Hans"):
        write_text(
            folder,
            "answer",
            "customers",
            locale=locale,
            features="[delegation]",
            published="2026-10-01",
        )
    write_text(folder, "newer", "customers", features="[delegation]", published="2026-10-09")
    write_text(folder, "theirs", "{accounts: [quillon-insurance]}", features="[escalation-rules]")
    with acting(world, Role.ADMIN, writes=True) as session:
        load_content(session, folder)


def test_teaching_puts_the_main_feature_and_the_newest_first(world: World, tmp_path: Path) -> None:
    teach(world, tmp_path)
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        found = teaching(session, ["delegation", "escalation-rules", "no-such-feature"])
        assert {key: [one.slug for one in lines] for key, lines in found.items()} == {
            "delegation": ["newer", "answer", "old-answer"]
        }
    with acting(world, Role.CHAMPION, QUILLON.key, locale="zh-Hans") as session:
        found = teaching(session, ["delegation", "escalation-rules"])
        assert [one.slug for one in found["escalation-rules"]] == ["theirs"]
        assert {one.slug: one.locale for one in found["delegation"]}["answer"] == "zh-Hans"


def test_next_steps_name_no_text_twice_and_the_unused_first(world: World, tmp_path: Path) -> None:
    teach(world, tmp_path)
    work(world.database, OSKELUND, [1], days_back(3), EVENT_OF["approval-chains"])
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        steps = next_steps(session, feature_use(session, OSKELUND.key))
        found = [(step.feature.key, step.item.slug) for step in steps]
        assert found == [("delegation", "newer"), ("approval-chains", "old-answer")]
    with acting(world, Role.MEMBER, OSKELUND.key) as session:
        # What nobody uses stands before what is used little.
        told = [one.feature_key for one in lessons(session, OSKELUND.key)]
        assert told == ["delegation", "approval-chains"]


def test_before_the_first_use_lessons_follow_the_catalogue(world: World, tmp_path: Path) -> None:
    teach(world, tmp_path)
    with acting(world, Role.MEMBER, OSKELUND.key) as session:
        told = [one.feature_key for one in lessons(session, OSKELUND.key)]
        assert told == ["approval-chains", "delegation"]


def test_a_course_teaches_what_no_practice_does(world: World, tmp_path: Path) -> None:
    write_course(tmp_path / "courses", quiz=False)
    load_course(world.database, tmp_path / "courses")
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        assert [one.type for one in teaching(session, ["approval-chains"])["approval-chains"]] == [
            "course"
        ]
    teach(world, tmp_path / "more")
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        kinds = [one.type for one in teaching(session, ["approval-chains"])["approval-chains"]]
        assert kinds.index("course") < kinds.index("faq")


def test_breadth_goes_week_by_week(world: World) -> None:
    work(world.database, OSKELUND, [1], days_back(35), EVENT_OF["delegation"])
    work(world.database, OSKELUND, [1], days_back(0), EVENT_OF["audit-trail"])
    work(world.database, OSKELUND, [1], days_back(0), EVENT_OF["mobile-card"])
    work(world.database, QUILLON, [1], days_back(0, 10, 20), EVENT_OF["erp-connector"])
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        assert breadth_course(session, OSKELUND.key, LAST_DAY, weeks=7) == [0, 1, 1, 1, 1, 1, 1]
        with pytest.raises(NotFound):
            breadth_course(session, QUILLON.key, LAST_DAY, weeks=2)


def test_the_customer_sees_who_looks_after_them(world: World) -> None:
    with acting(world, Role.MEMBER, OSKELUND.key) as session:
        found = find_csm(session, OSKELUND.key)
        assert found is not None
        assert (found.name, found.email) == ("Mara Quill", "mara@ferrymark.example")
        assert find_csm(session, QUILLON.key) is None
        assert {one.name for one in signing_in(session, OSKELUND.key)} >= {"Ingrid Dahle"}
        assert signing_in(session, QUILLON.key) == []


def test_unlisted_people_are_counted_by_account(world: World) -> None:
    work(world.database, OSKELUND, [1, 71, 72], days_back(1))
    work(world.database, QUILLON, [73], days_back(2))
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        rows = list_unlisted(session)
        assert [(one.account_key, one.persons, one.last_day) for one in rows] == [
            (OSKELUND.key, 2, days_back(1)[0])
        ]
    with acting(world, Role.ADMIN) as session:
        assert [one.persons for one in show_arrivals(session).unlisted] == [2, 1]
        assert show_arrivals(session).matters == 1


def test_refusals_are_added_up_by_reason() -> None:
    rows = [
        RefusalRow(LAST_DAY, "bad-time", 3, NOW, "newest", "a"),
        RefusalRow(LAST_DAY, "no-event", 1, NOW, "x", "b"),
        RefusalRow(date(2026, 11, 1), "bad-time", 4, NOW, "older", "c"),
    ]
    found = [(one.reason, one.messages, one.detail) for one in refusal_kinds(rows)]
    assert found == [("bad-time", 7, "newest"), ("no-event", 1, "x")]


def test_homes_stay_inside_their_account(world: World, tmp_path: Path) -> None:
    teach(world, tmp_path)
    work(world.database, OSKELUND, range(1, 5), days_back(1, 2, 3))
    work(world.database, QUILLON, [90], days_back(1))
    with acting(world, Role.CHAMPION, OSKELUND.key) as session:
        home = champion_home(session, OSKELUND.key)
        assert (home.now.mau, home.unlisted, home.invitations, home.reports) == (4, 0, [], [])
        with pytest.raises(NotFound):
            champion_home(session, QUILLON.key)
    with acting(world, Role.MEMBER, OSKELUND.key) as session:
        read = member_home(session, OSKELUND.key)
        assert read.total == 3
        assert "theirs" not in {line.slug for line in read.news}
    with acting(world, Role.EXECUTIVE, OSKELUND.key) as session:
        assert executive_home(session, OSKELUND.key).snapshot is None


def test_the_desk_finds_and_shows_accounts_in_reach(world: World) -> None:
    with acting(world, Role.MANAGER) as session:
        rows = list_portfolio(session)
        assert [row.key for row in choose(rows, AccountQuestion(text="food"))] == [OSKELUND.key]
        page = find_accounts(session, AccountQuestion(page=7))
        assert (page.page, page.pages, page.first, page.total) == (1, 1, 1, 2)
        desk = show_account(session, OSKELUND.key)
        assert (desk.alerts, desk.tasks) == ([], [])
    with acting(world, Role.CSM, OSKELUND.key) as session, pytest.raises(NotFound):
        show_account(session, QUILLON.key)


def test_texts_are_kept_by_those_who_write_them(world: World, tmp_path: Path) -> None:
    teach(world, tmp_path)
    with acting(world, Role.EDITOR) as session:
        shelf = keep_texts(session)
        assert {one.slug for one in shelf.texts} == {"old-answer", "answer", "newer", "theirs"}
        assert {one.slug: one.missing for one in shelf.texts}["answer"] == ["zh-Hant"]
    with acting(world, Role.PRODUCT) as session, pytest.raises(Forbidden):
        keep_texts(session)


def test_setting_up_is_counted(world: World) -> None:
    with acting(world, Role.ADMIN) as session:
        setup = show_setup(session)
    assert (setup.accounts, setup.persons, setup.unassigned) == (2, 12, 0)
    assert (setup.keys, setup.texts, setup.workers, setup.demo) == (0, 0, 0, False)


def test_the_privacy_switch_is_the_accounts_own(world: World) -> None:
    with acting(world, Role.CHAMPION, OSKELUND.key, writes=True) as session:
        with pytest.raises(Invalid):
            show_people(session, OSKELUND.key, "nobody")
        with pytest.raises(NotFound):
            show_people(session, QUILLON.key, "groups")
        show_people(session, OSKELUND.key, "groups")
    with acting(world, Role.MANAGER) as session:
        assert account_head(session, OSKELUND.key).people_shown == "groups"
        assert account_head(session, QUILLON.key).people_shown == "named"
