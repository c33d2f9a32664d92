"""One account's adoption as doors get it. That the figures are right, tests/usage asks."""

from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Role
from portal.models import Account, Person
from portal.services import adoption
from portal.services.adoption import (
    account_series,
    adoption_before,
    compare,
    people_use,
    show_adoption,
)
from portal.services.portfolio import list_portfolio
from portal.tenancy import Scope, system_scope
from tests.usage.sample import NOW

DAY = date(2026, 4, 5)


def test_the_object_of_the_api(session: Session) -> None:
    shown = show_adoption(session, "acme", DAY, 7).as_json()
    assert list(shown) == [
        "account",
        "as_of",
        "window_days",
        "time_zone",
        "seats",
        "provisioned",
        "activated",
        "activation_rate",
        "login_ratio_7d",
        "login_ratio_30d",
        "dau",
        "wau",
        "mau",
        "stickiness",
        "time_online_seconds",
        "breadth",
        "depth",
        "integration_calls",
        "data",
        "series",
    ]
    assert (shown["account"], shown["as_of"], shown["window_days"]) == ("acme", "2026-04-05", 7)
    assert list(shown["data"]) == ["last_event_at", "folded_to", "coverage_days"]
    assert shown["data"]["folded_to"] == "2026-06-01T00:00:00Z"
    assert shown["data"]["coverage_days"] == 7
    assert len(shown["series"]) == 7


def test_the_last_full_day_is_yesterday_over_there(session: Session) -> None:
    # NOW is midnight UTC: in New York it is still the evening before.
    assert show_adoption(session, "acme").as_of == date(2026, 5, 30)
    assert show_adoption(session, "globex").as_of == date(2026, 5, 31)


def test_without_any_event_nothing_is_known(filled: Database) -> None:
    with filled.session(system_scope(NOW, "test"), writes=True) as session:
        account = Account(key="empty", name="Empty", created_at=NOW, seats=5)
        session.add(account)
        session.flush()
        session.add(Person(account_id=account.id, external_id="1", active_from=DAY))
        session.flush()
        shown = show_adoption(session, "empty", DAY).as_json()
    unknown = ("activation_rate", "login_ratio_7d", "login_ratio_30d", "stickiness", "depth")
    assert {shown[name] for name in unknown} == {None}
    assert shown["breadth"] == {"used": 0, "entitled": 0, "ratio": None}
    assert shown["data"]["last_event_at"] is None
    assert shown["data"]["coverage_days"] == 0
    assert (shown["mau"], shown["provisioned"]) == (0, 1)


def test_silence_after_use_is_a_true_nought(session: Session) -> None:
    shown = show_adoption(session, "acme", date(2026, 8, 1), 30)
    assert (shown.mau, shown.login_ratio_30d, shown.depth) == (0, 0.0, 0.0)
    assert shown.stickiness is None


def test_before_the_first_event_nothing_is_known(session: Session) -> None:
    shown = show_adoption(session, "acme", date(2026, 2, 1))
    assert (shown.coverage_days, shown.login_ratio_30d, shown.depth) == (0, None, None)
    partly = show_adoption(session, "acme", date(2026, 3, 9))
    assert 0 < partly.coverage_days < 12


def test_no_seats_known_means_against_persons(session: Session) -> None:
    shown = show_adoption(session, "initech", DAY)
    assert shown.seats is None
    assert shown.activation_rate == shown.activated / shown.provisioned


@pytest.mark.parametrize("days", [0, -1, 801])
def test_windows_that_cannot_be(session: Session, days: int) -> None:
    with pytest.raises(Invalid):
        show_adoption(session, "acme", DAY, days)


@pytest.mark.parametrize("day", [date.min, date.max, date(1999, 12, 31), date(2200, 1, 1)])
def test_days_that_cannot_be(session: Session, day: date) -> None:
    with pytest.raises(Invalid):
        show_adoption(session, "acme", day)
    with pytest.raises(Invalid):
        account_series(session, "acme", DAY, day)


def test_another_account_is_not_found(filled: Database) -> None:
    with filled.session(system_scope(NOW, "test")) as session:
        own = session.scalars(select(Account.id).where(Account.key == "acme")).one()
    scope = Scope(user_id=1, role=Role.CHAMPION, accounts=frozenset({own}), now=NOW)
    with filled.session(scope) as session:
        assert show_adoption(session, "acme", DAY).mau > 0
        assert people_use(session, "acme", DAY).total > 0
        assert [row.key for row in list_portfolio(session)] == ["acme"]
        for verb in adoption.__all__:
            if verb in QUESTIONS:
                with pytest.raises(NotFound):
                    getattr(adoption, verb)(session, "globex")


QUESTIONS = {
    "person_moves",
    "show_teams",
    "cohort_retention",
    "show_adoption",
    "feature_use",
    "freshness",
    "hour_heat",
    "integration_series",
    "people_use",
    "team_use",
    "weekly_active",
}


def test_the_period_before(session: Session) -> None:
    now = show_adoption(session, "acme", DAY, 10)
    before = adoption_before(session, now)
    assert (before.as_of, before.window_days) == (date(2026, 3, 26), 10)
    changes = compare(now, before)
    assert changes["mau"].now == now.mau
    assert changes["mau"].before == before.mau
    nothing = compare(now, show_adoption(session, "acme", date(2026, 2, 1), 10))
    assert all(change.before is None for change in nothing.values())


def test_statements_of_the_page(filled: Database) -> None:
    statements: list[str] = []
    event.listen(filled.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with filled.session(system_scope(NOW, "test")) as session:
        show_adoption(session, "acme", DAY)
    # Two more than of recent days: what is sealed of days and of names.
    assert len([one for one in statements if one.lstrip().startswith("SELECT ")]) <= 10


def test_every_question_in_a_customer_s_scope(filled: Database) -> None:
    with filled.session(system_scope(NOW, "test")) as session:
        own = session.scalars(select(Account.id).where(Account.key == "acme")).one()
        wide = {name: getattr(adoption, name)(session, "acme", *GIVEN[name]) for name in GIVEN}
    scope = Scope(user_id=1, role=Role.CHAMPION, accounts=frozenset({own}), now=NOW)
    with filled.session(scope) as session:
        narrow = {name: getattr(adoption, name)(session, "acme", *GIVEN[name]) for name in GIVEN}
    assert narrow == wide


GIVEN: dict[str, tuple[object, ...]] = {
    "account_series": (DAY, DAY),
    "cohort_retention": (DAY,),
    "feature_use": (DAY,),
    "freshness": (),
    "hour_heat": (DAY,),
    "integration_series": (DAY,),
    "people_use": (DAY,),
    "person_moves": (DAY,),
    "show_teams": (DAY,),
    "show_adoption": (DAY,),
    "team_use": (DAY,),
    "weekly_active": (DAY,),
}
