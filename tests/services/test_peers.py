"""Peers: medians of the other accounts of a segment, kept with each account."""

from datetime import UTC, date, datetime
from statistics import median

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.account_metrics import COMPARED
from portal.domain.permissions import Role
from portal.models import Account, PeerMedian, Person
from portal.services.adoption import look_at_standing, read_standing, show_adoption
from portal.services.peers import (
    accounts_to_compare,
    keep_medians,
    list_peers,
    medians_by_account,
    read_figures,
)
from portal.tenancy import Scope, system_scope
from portal.usage.fold import fold_pending
from tests.usage.sample import send

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
BIG, SMALL = 7, 5


def fill(session: Session) -> None:
    """Seven strategic accounts and five small ones, of ten persons each."""
    for number in range(BIG + SMALL):
        tier = "strategic" if number < BIG else "small"
        account = Account(key=f"a{number}", name=f"A{number}", tier=tier, created_at=NOW)
        session.add(account)
        session.flush()
        session.add_all(
            Person(
                account_id=account.id, external_id=f"a{number}-{n}", active_from=date(2026, 1, 1)
            )
            for n in range(10)
        )
    session.commit()


@pytest.fixture
def compared(database: Database) -> Database:
    """In account n (n + 1) persons were active; the last two days hold it."""
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        fill(session)
    for number in range(BIG + SMALL):
        send(database, [event(number, person) for person in range(min(number + 1, 10))], NOW)
    fold_pending(database, NOW)
    run(database)
    return database


def event(account: int, person: int) -> dict[str, object]:
    return {
        "type": "track",
        "event": "Order Created",
        "messageId": f"{account}-{person}",
        "userId": f"a{account}-{person}",
        "timestamp": f"2026-04-18T09:{account:02}:00Z",
        "context": {"groupId": f"a{account}"},
    }


def run(database: Database) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        accounts = accounts_to_compare(session)
        medians = medians_by_account(read_figures(session, accounts))
        keep_medians(session, [one for one, *_ in accounts], medians)


def scope_of_account(database: Database, key: str) -> Scope:
    with database.session(system_scope(NOW, "test")) as session:
        own = session.scalars(select(Account.id).where(Account.key == key)).one()
    return Scope(user_id=1, role=Role.CHAMPION, accounts=frozenset({own}), now=NOW)


def test_the_median_of_the_other_accounts_of_the_segment(compared: Database) -> None:
    with compared.session(system_scope(NOW, "test")) as session:
        ratios = [show_adoption(session, f"a{n}").login_ratio_30d or 0 for n in range(BIG)]
    assert ratios == [pytest.approx((number + 1) / 10) for number in range(BIG)]
    for number in range(BIG):
        with compared.session(scope_of_account(compared, f"a{number}")) as session:
            found = list_peers(session, f"a{number}")["login_ratio_30d"]
        others = ratios[:number] + ratios[number + 1 :]
        assert found.median == pytest.approx(median(others))
        assert (found.others, found.day) == (5, date(2026, 4, 19))


def test_a_page_begins_with_the_same_peers(compared: Database) -> None:
    for key in ("a0", "a3", "a8"):
        with compared.session(scope_of_account(compared, key)) as session:
            found, kept = read_standing(session, key).peers, list_peers(session, key)
            assert {one.metric: one for one in found} == kept
        with compared.glance() as connection:
            seen = look_at_standing(connection, key, NOW)
            assert seen is not None
            assert {one.metric: one for one in seen.peers} == kept


def test_fewer_than_five_others_say_nothing(compared: Database) -> None:
    with compared.session(scope_of_account(compared, "a8")) as session:
        assert list_peers(session, "a8") == {}


def test_no_account_reads_what_is_kept_of_another(compared: Database) -> None:
    with compared.session(scope_of_account(compared, "a1")) as session:
        assert list_peers(session, "a2") == {}
        accounts = set(session.scalars(select(PeerMedian.account_id)))
    assert len(accounts) == 1


def test_twice_is_as_once_and_a_segment_that_shrank_is_forgotten(compared: Database) -> None:
    with compared.session(system_scope(NOW, "test")) as session:
        before = session.execute(select(PeerMedian.account_id, PeerMedian.metric)).all()
    run(compared)
    with compared.session(system_scope(NOW, "test"), writes=True) as session:
        assert session.execute(select(PeerMedian.account_id, PeerMedian.metric)).all() == before
        metrics = {metric for _account, metric in before}
        assert metrics <= set(COMPARED)
        for account in session.scalars(select(Account).where(Account.key.in_(["a0", "a1"]))):
            account.tier = "standard"
        session.commit()
    run(compared)
    with compared.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(PeerMedian.metric)).all() == []
