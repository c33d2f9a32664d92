"""Many change the same requests at once: nothing is lost, and who comes second is told.

Each acts in a thread with a session of its own, as in the processes of the portal. The totals are
counted again from the rows of votes, by other means than the services'.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, DomainError
from portal.domain.permissions import Role
from portal.domain.requests import Answer, Kind, State
from portal.models import Request, RequestConfirmation, RequestVote, SharedRequest, User
from portal.services.requests.confirming import answer_request
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import (
    join_family,
    merge_requests,
    merge_shared,
)
from portal.services.requests.moving import close_silent, move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.sharing import create_shared, move_shared
from portal.services.requests.talking import write_message
from portal.services.requests.voices import take_vote_back, vote
from portal.tenancy import Scope, system_scope
from tests.services.requests.town import PAUL, WORDS, Town
from tests.world import ELIF, INGRID, MARA, OSKELUND, PIA, QUILLON, build_world

Act = Callable[[], Any]
TO_RELEASE = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def at_once(*acts: Act) -> list[Any]:
    """What each answered, or how it was refused; all that is no refusal of ours fails the test."""
    start = Barrier(len(acts))

    def run(act: Act) -> Any:
        start.wait()
        try:
            return act()
        except DomainError as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result() for one in [pool.submit(run, act) for act in acts]]


def crowd(town: Town, company: str, number: int) -> list[int]:
    """New people of an account; their ids."""
    names = [f"{company}-{one}" for one in range(number)]
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        people = [
            User(
                email=f"{name}@crowd.example",
                name=name,
                role=Role.MEMBER,
                account_id=town.world.accounts[company],
                fs_uniquifier=name,
                created_at=town.now,
            )
            for name in names
        ]
        session.add_all(people)
        session.commit()
        return [one.id for one in people]


def by(town: Town, company: str, user_id: int, act: Any, *given: Any) -> Act:
    accounts = frozenset({town.world.accounts[company]})

    def run() -> Any:
        scope = Scope(user_id, Role.MEMBER, accounts, town.now)
        with town.world.database.session(scope, writes=True) as session:
            return act(session, *given)

    return run


def of(town: Town, email: str, act: Any, *given: Any, **named: Any) -> Act:
    return lambda: town.call(email, act, *given, **named)


def check_totals(town: Town) -> None:
    """Every total is the number of distinct voters, by hand from all rows."""
    with town.world.database.session(system_scope(town.now, "test")) as session:
        requests = session.scalars(select(Request)).all()
        votes = session.execute(select(RequestVote.request_id, RequestVote.user_id)).all()
        shared = session.scalars(select(SharedRequest)).all()
    root = {one.id: one.merged_into_id or one.id for one in requests}
    family = {one.id: one.shared_id for one in requests}
    behind, people, accounts = defaultdict(set), defaultdict(set), defaultdict(set)
    for request_id, user_id in votes:
        behind[root[request_id]].add(user_id)
        people[family[root[request_id]]].add(user_id)
    for one in requests:
        accounts[family[root[one.id]]].add(one.account_id)
    for one in requests:
        assert root[root[one.id]] == root[one.id], "a chain"
        if one.merged_into_id is None:
            assert one.voters == len(behind[one.id])
    for that in shared:
        assert (that.people, that.accounts) == (len(people[that.id]), len(accounts[that.id]))
        assert that.merged_into_id is None or not accounts[that.id]


def version_of(town: Town, key: str) -> int:
    with town.session(PAUL) as session:
        return session.scalars(select(Request.version).where(Request.key == key)).one()


def refusals(answers: Sequence[Any]) -> list[str]:
    return [one.code for one in answers if isinstance(one, DomainError)]


def test_fifty_people_vote_at_once(town: Town) -> None:
    key = town.hand_in(INGRID)
    people = crowd(town, OSKELUND.key, 50)
    answers = at_once(*(by(town, OSKELUND.key, one, vote, key) for one in people))
    assert sorted(answers) == list(range(2, 52))
    check_totals(town)


def test_fifty_of_two_accounts_vote_over_a_family(town: Town) -> None:
    shared, mine = town.share(), town.hand_in(INGRID)
    town.call(PAUL, join_family, mine, shared)
    theirs = town.call(ELIF, join_shared, shared)
    ours, others = crowd(town, OSKELUND.key, 25), crowd(town, QUILLON.key, 25)
    answers = at_once(
        *(by(town, OSKELUND.key, one, vote, mine) for one in ours),
        *(by(town, QUILLON.key, one, vote, theirs) for one in others[:12]),
        *(by(town, QUILLON.key, one, join_shared, shared) for one in others[12:]),
    )
    assert refusals(answers) == []
    assert town.totals(shared) == (52, 2)
    check_totals(town)


def test_one_who_votes_many_times_counts_once(town: Town) -> None:
    key = town.hand_in(INGRID)
    assert at_once(*[of(town, PIA, vote, key)] * 8) == [2] * 8
    at_once(*[of(town, PIA, take_vote_back, key)] * 4)
    check_totals(town)


def test_votes_while_requests_are_merged_and_parted(town: Town) -> None:
    first, second = town.hand_in(INGRID), town.hand_in(PIA)
    people = crowd(town, OSKELUND.key, 24)

    def and_back() -> None:
        for _time in range(4):
            town.call(MARA, undo_merge, town.call(MARA, merge_requests, second, first))

    acts = [by(town, OSKELUND.key, one, vote, (first, second)[one % 2]) for one in people]
    assert refusals(at_once(and_back, *acts)) == []
    check_totals(town)
    assert len(voters_of(town)) == 26


def test_votes_while_families_are_joined_and_left(town: Town) -> None:
    one, other, mine = town.share(), town.share(), town.hand_in(INGRID)
    theirs = town.call(ELIF, join_shared, other)
    ours, others = crowd(town, OSKELUND.key, 8), crowd(town, QUILLON.key, 8)

    def joined_and_left() -> None:
        for _time in range(3):
            town.call(PAUL, undo_merge, town.call(PAUL, join_family, mine, one))

    def into_one_and_back() -> None:
        for _time in range(3):
            town.call(PAUL, undo_merge, town.call(PAUL, merge_shared, other, one))

    answers = at_once(
        joined_and_left,
        into_one_and_back,
        *(by(town, OSKELUND.key, who, vote, mine) for who in ours),
        *(by(town, QUILLON.key, who, vote, theirs) for who in others[:4]),
        *(by(town, QUILLON.key, who, join_shared, other) for who in others[4:]),
    )
    assert refusals(answers) == []
    check_totals(town)
    assert len(voters_of(town)) == 18


def test_whoever_merges_in_whatever_direction_nobody_waits_for_ever(town: Town) -> None:
    keys = [town.hand_in(INGRID) for _one in range(4)]
    shared = [town.share() for _one in range(3)]
    pairs = [(0, 1), (1, 0), (2, 1), (3, 2), (0, 3)]
    answers = at_once(
        *(of(town, MARA, merge_requests, keys[one], keys[two]) for one, two in pairs),
        *(of(town, PAUL, merge_shared, shared[one], shared[two]) for one, two in pairs[:3]),
        of(town, PAUL, join_family, keys[0], shared[0]),
        of(town, PAUL, join_family, keys[3], shared[2]),
        of(town, PAUL, move_shared, shared[1], State.CLARIFYING),
        of(town, PIA, join_shared, shared[2]),
    )
    told = {"same", "in-family", "changed-meanwhile", "no-such-move"}
    assert set(refusals(answers)) <= told
    check_totals(town)


def test_who_takes_a_family_takes_its_requests_in_their_order(town: Town) -> None:
    """One who holds the first and wants the last is waited for by one who wants both."""
    first, last = town.hand_in(INGRID), town.hand_in(PIA)
    shared, other = town.share(), town.share()
    for key in (last, first):
        town.call(PAUL, join_family, key, shared)
    with ThreadPoolExecutor(1) as pool, town.session(MARA) as session:
        session.scalars(select(Request).where(Request.key == first).with_for_update()).one()
        merged = pool.submit(town.call, PAUL, merge_shared, shared, other)
        wait([merged], timeout=0.5)
        session.scalars(select(Request).where(Request.key == last).with_for_update()).one()
        session.commit()
        merge = merged.result()
    with ThreadPoolExecutor(1) as pool, town.session(MARA) as session:
        session.scalars(select(Request).where(Request.key == first).with_for_update()).one()
        undone = pool.submit(town.call, PAUL, undo_merge, merge)
        wait([undone], timeout=0.5)
        session.scalars(select(Request).where(Request.key == last).with_for_update()).one()
        session.commit()
        undone.result()
    check_totals(town)


def test_a_merge_is_undone_once(town: Town) -> None:
    first, second = town.hand_in(INGRID), town.hand_in(PIA)
    merge = town.call(MARA, merge_requests, second, first)
    assert refusals(at_once(*[of(town, MARA, undo_merge, merge)] * 4)) == ["undone"] * 3
    check_totals(town)


def test_of_triagers_who_saw_the_same_one_moves_it(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.call(MARA, move_request, key, State.CLARIFYING)
    seen = version_of(town, key)
    moving = of(town, PAUL, move_request, key, State.PLANNED, version=seen)
    declining = of(town, PAUL, move_request, key, State.DECLINED, "No", version=seen)
    answers = at_once(moving, declining, moving, declining)
    assert refusals(answers) == ["changed-meanwhile"] * 3
    assert all(isinstance(one, Conflict) for one in answers if one is not None)


def test_colleagues_who_join_at_once_share_one_request(town: Town) -> None:
    shared = town.share()
    joined = at_once(
        *[of(town, INGRID, join_shared, shared), of(town, PIA, join_shared, shared)] * 3
    )
    assert len(set(joined)) == 1
    assert town.totals(shared) == (2, 1)
    check_totals(town)


def test_two_answers_at_once(town: Town) -> None:
    key = released(town)
    works = of(town, INGRID, answer_request, key, Answer.WORKS)
    assert at_once(works, works, works) == [State.CONFIRMED] * 3
    assert town.state(key) is State.CONFIRMED
    again = released(town)
    not_yet = of(town, INGRID, answer_request, again, Answer.NOT_YET, "It stops at noon")
    answers = at_once(not_yet, not_yet)
    assert [one for one in answers if not isinstance(one, Conflict)] == [State.REOPENED]
    assert version_of(town, again) == version_of(town, key)


def test_the_end_of_the_time_against_an_answer(town: Town) -> None:
    keys = [released(town) for _one in range(4)]
    town.later(days=15)

    def over() -> int:
        with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
            return close_silent(session)

    not_yet = [of(town, INGRID, answer_request, key, Answer.NOT_YET, "Not here") for key in keys]
    answers = at_once(over, *not_yet, over)
    closed = answers[0] + answers[-1]
    refused = refusals(answers)
    assert closed + len(not_yet) - len(refused) >= len(keys)
    for key, answer in zip(keys, answers[1:-1], strict=True):
        late = isinstance(answer, Conflict)
        assert town.state(key) is (State.UNCONFIRMED if late else State.REOPENED)
        assert answered(town, key) == (0 if late else 1)


def test_words_and_votes_while_a_family_moves(town: Town) -> None:
    shared, mine = town.share(), town.hand_in(INGRID)
    town.call(PAUL, join_family, mine, shared)
    theirs = town.call(ELIF, join_shared, shared)
    people = crowd(town, OSKELUND.key, 8)

    def along() -> None:
        for state in TO_RELEASE:
            town.call(PAUL, move_shared, shared, state)

    before = version_of(town, mine)
    answers = at_once(
        along,
        *(by(town, OSKELUND.key, one, vote, mine) for one in people),
        *(of(town, MARA, write_message, mine, f"Word {one}") for one in range(4)),
    )
    assert refusals(answers) == []
    assert version_of(town, mine) == before + len(TO_RELEASE) + 4
    assert (town.state(mine), town.state(theirs)) == (State.RELEASED, State.RELEASED)
    check_totals(town)


def test_a_shared_one_with_its_version_is_moved_once(town: Town) -> None:
    key = town.call(PAUL, create_shared, Kind.NEED, WORDS)
    with town.session(PAUL) as session:
        seen = session.scalars(select(SharedRequest.version)).one()
    moving = of(town, PAUL, move_shared, key, State.CLARIFYING, version=seen)
    assert refusals(at_once(moving, moving, moving)) == ["changed-meanwhile"] * 2


def released(town: Town) -> str:
    key = town.hand_in(INGRID)
    for state in TO_RELEASE:
        town.call(PAUL, move_request, key, state)
    return key


def voters_of(town: Town) -> set[int]:
    with town.world.database.session(system_scope(town.now, "test")) as session:
        return set(session.scalars(select(RequestVote.user_id)))


def answered(town: Town, key: str) -> int:
    """How many answers are kept."""
    wanted = (
        select(RequestConfirmation.user_id)
        .join(Request, Request.id == RequestConfirmation.request_id)
        .where(Request.key == key, RequestConfirmation.answer != "")
    )
    with town.world.database.session(system_scope(town.now, "test")) as session:
        return len(session.scalars(wanted).all())
