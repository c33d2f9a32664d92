"""What machines send counts once for their own number, for each account and side."""

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.domain.errors import Invalid
from portal.domain.permissions import Role
from portal.domain.requests import Channel, Kind
from portal.models import Request, RequestMessage, RequestReceipt
from portal.services.requests.handing_in import Asker, Telling
from portal.services.requests.receipts import Sent, external_ids, hand_in_once, write_once
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from tests.services.requests.test_races import at_once
from tests.services.requests.town import SCENE
from tests.world import NOW, OSKELUND, QUILLON, World, build_world

TELLING = Telling(Kind.NEED, "Own plants", SCENE, channel=Channel.API)


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def machine(world: World, company: str = "") -> Scope:
    """The vendor's, or that of an account."""
    if not company:
        return Scope(None, Role.PRODUCT, ALL_ACCOUNTS, NOW, machine="vendor")
    accounts = frozenset({world.accounts[company]})
    return Scope(None, Role.MEMBER, accounts, NOW, machine="customer")


def sent(world: World, number: str, account: str = OSKELUND.key, company: str = "") -> Sent:
    with world.database.session(machine(world, company), writes=True) as session:
        return hand_in_once(session, TELLING, Asker(account, name="Ola"), number)


def count(world: World, model: type[Request | RequestMessage | RequestReceipt]) -> int:
    with world.database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(func.count(model.id))) or 0


def test_once_for_each_account_and_side(world: World) -> None:
    first = sent(world, "17")
    others = [sent(world, "17", company=OSKELUND.key), sent(world, "17", account=QUILLON.key)]
    assert sent(world, "17") == (first[0], False)
    assert len({first[0], *(key for key, new in others if new)}) == 3
    assert sent(world, "")[0] != sent(world, "")[0]
    assert (count(world, Request), count(world, RequestReceipt)) == (5, 3)
    with world.database.session(machine(world, OSKELUND.key)) as session:
        assert external_ids(session, [first[0], others[0][0]]) == {others[0][0]: "17"}


def test_the_same_sent_by_many_at_once_is_one(world: World) -> None:
    answers = at_once(*[lambda: sent(world, "17")] * 4)
    assert len({key for key, _new in answers}) == 1
    assert sorted(new for _key, new in answers) == [False, False, False, True]
    assert count(world, Request) == 1


def test_what_is_refused_leaves_its_number_free(world: World) -> None:
    bad = Telling(Kind.NEED, "", SCENE, channel=Channel.API)
    with (
        world.database.session(machine(world), writes=True) as session,
        pytest.raises(Invalid),
    ):
        hand_in_once(session, bad, Asker(OSKELUND.key, name="Ola"), "17")
    assert count(world, RequestReceipt) == 0
    assert sent(world, "17")[1]


def test_messages_count_once_for_their_request(world: World) -> None:
    one, two = sent(world, "1")[0], sent(world, "2")[0]
    told = []
    for key in (one, one, two):
        with world.database.session(machine(world), writes=True) as session:
            told.append(write_once(session, key, "Hello", external_id="c", author_name="Desk"))
    assert [new for _key, new in told] == [True, False, True]
    assert count(world, RequestMessage) == 2
