"""Who is told what: Ingrid asks, Pia follows, Mara looks after them, Paul triages, Elif is not of
their company.
"""

import pytest
from sqlalchemy import update

from portal.db import Database
from portal.domain.requests import Answer, State, Visibility
from portal.models import NoticeChoice, Request, User
from portal.services.outbox import announce
from portal.services.requests.acts import assign
from portal.services.requests.confirming import answer_request
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import join_family, merge_requests, merge_shared
from portal.services.requests.moving import move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.sharing import move_shared
from portal.services.requests.steps import TOLD
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.voices import follow, vote
from portal.tenancy import system_scope
from tests.services.notices.post import PostOffice
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, PIA, build_world

WAY = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


@pytest.fixture
def office(town: Town) -> PostOffice:
    return PostOffice(town)


def set_to(town: Town, *statements: object) -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        for one in statements:
            session.execute(one)  # type: ignore[call-overload] # updates of the tests
        session.commit()


def choose(town: Town, email: str, kind: str, way: str) -> None:
    user_id = town.world.users[email][0]
    account_id = None if email in {MARA, PAUL} else town.world.accounts["oskelund-foods"]
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.add(NoticeChoice(account_id=account_id, user_id=user_id, kind=kind, way=way))
        session.commit()


def test_who_hears_of_a_request_on_its_way(town: Town, office: PostOffice) -> None:
    asked = town.hand_in(INGRID)
    assert office.told() == {(MARA, "handed_in"), (PAUL, "handed_in")}
    town.call(PIA, vote, asked)
    town.call(PAUL, move_request, asked, State.CLARIFYING)
    assert office.told() == {(INGRID, "own_request_moved"), (PIA, "followed_moved")}
    town.call(INGRID, write_message, asked, "By plant, not by region")
    assert office.told() == {(PIA, "message_on_followed"), (MARA, "message_on_followed")}
    town.call(MARA, write_message, asked, "Understood, @Pia Nygård and @Paul")
    assert office.told() == {
        (INGRID, "message_on_own"),
        (PIA, "mentioned"),
        (PAUL, "mentioned"),
    }


def test_released_asks_those_who_wanted_it(town: Town, office: PostOffice) -> None:
    asked = town.hand_in(INGRID)
    town.call(PIA, vote, asked)
    town.call(MARA, follow, asked)
    for state in WAY[:-1]:
        town.call(PAUL, move_request, asked, state)
    office.told()
    town.call(PAUL, move_request, asked, State.RELEASED, "In 26.4")
    assert office.told() == {
        (INGRID, "asked_whether_it_works"),
        (PIA, "asked_whether_it_works"),
        (MARA, "followed_moved"),
    }
    assert office.values(INGRID)[-1]["text"] == "In 26.4"
    town.call(INGRID, answer_request, asked, Answer.NOT_YET, "Not for two of them")
    assert office.told() == {(PIA, "followed_moved"), (MARA, "followed_moved")}
    assert office.values(MARA)[-1]["text"] == "Not for two of them"


def test_a_private_request_is_told_to_nobody_else_of_the_company(
    town: Town, office: PostOffice
) -> None:
    asked = town.hand_in(INGRID)
    town.call(PIA, follow, asked)
    office.told()
    hidden = update(Request).values(visibility=Visibility.PRIVATE.value)
    set_to(town, hidden.where(Request.key == asked))
    town.call(MARA, write_message, asked, "Only between us, @Pia")
    assert office.told() == {(INGRID, "message_on_own")}


def test_a_note_is_told_to_whom_it_mentions_and_not_in_its_words(
    town: Town, office: PostOffice
) -> None:
    asked = town.hand_in(INGRID)
    town.call(PIA, follow, asked)
    office.told()
    mara = name_of(town, MARA)
    town.call(PAUL, write_note, asked, f"@{mara} they may leave us. @{name_of(town, INGRID)}")
    assert office.told() == {(MARA, "mentioned")}
    (mail,) = [one for one in office.mails() if one.recipient == MARA]
    assert "leave us" not in mail.text + mail.html + str(office.values(MARA))


def test_whoever_has_it_hears_so_and_of_what_is_due(town: Town, office: PostOffice) -> None:
    asked = town.hand_in(INGRID)
    office.told()
    town.call(PAUL, assign, asked, town.world.keys[MARA])
    assert office.told() == {(MARA, "assigned")}
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        payload = {"request": asked, "what": "due", "by": None, "due": "2026-11-23T08:00:00+00:00"}
        announce(session, TOLD, payload, "due:1", town.world.accounts["oskelund-foods"])
        session.commit()
    assert office.told() == {(MARA, "due_soon")}
    assert "23 November 2026, 09:00" in office.mails()[-1].text


def test_of_two_accounts_each_hears_of_its_own(town: Town, office: PostOffice) -> None:
    asked, shared = town.hand_in(INGRID, title="Secret of Oskelund"), town.share()
    town.call(ELIF, join_shared, shared)
    town.call(PAUL, join_family, asked, shared)
    office.told()
    town.call(PAUL, move_shared, shared, State.CLARIFYING)
    town.call(PAUL, move_shared, shared, State.PLANNED)
    assert office.told() == {(INGRID, "own_request_moved"), (ELIF, "shared_moved")}
    assert "Oskelund" not in str(office.values(ELIF))
    assert office.values(ELIF)[-1]["title"] == "Export by region"


def test_followers_of_both_hear_of_a_merge(town: Town, office: PostOffice) -> None:
    one, two = town.hand_in(INGRID), town.hand_in(PIA)
    office.told()
    town.call(MARA, merge_requests, two, one)
    assert office.told() == {(INGRID, "merged_or_split"), (PIA, "merged_or_split")}


def test_followers_of_both_families_hear_of_a_merge_and_of_its_undoing(
    town: Town, office: PostOffice
) -> None:
    asked = town.hand_in(INGRID, title="Secret of Oskelund", visibility=Visibility.PRIVATE)
    one, two = town.share(), town.share()
    town.call(PAUL, join_family, asked, one)
    town.call(ELIF, join_shared, two)
    office.told()
    both = {(INGRID, "merged_or_split"), (ELIF, "merged_or_split")}
    merge = town.call(PAUL, merge_shared, one, two)
    assert office.told() == both
    town.call(PAUL, undo_merge, merge)
    assert office.told() == both
    assert "Oskelund" not in str(office.values(ELIF))
    assert "Quillon" not in str(office.values(INGRID))


def test_whose_private_one_is_merged_hears_so(town: Town, office: PostOffice) -> None:
    asked = town.hand_in(PIA, visibility=Visibility.PRIVATE)
    stands = town.hand_in(INGRID)
    office.told()
    town.call(MARA, merge_requests, asked, stands)
    assert office.told() == {(PIA, "merged_or_split"), (INGRID, "merged_or_split")}


def test_who_wants_no_mail_has_the_bell_and_who_wants_nothing_has_nothing(
    town: Town, office: PostOffice
) -> None:
    asked = town.hand_in(INGRID)
    town.call(PIA, follow, asked)
    office.told()
    choose(town, INGRID, "own_request_moved", "bell")
    choose(town, PIA, "followed_moved", "off")
    town.call(PAUL, move_request, asked, State.CLARIFYING)
    assert office.told() == {(INGRID, "own_request_moved")}
    assert office.mails() == []


def test_who_has_left_or_stopped_following_is_not_told(town: Town, office: PostOffice) -> None:
    asked = town.hand_in(INGRID)
    town.call(PIA, follow, asked)
    town.call(MARA, follow, asked, active=False)
    office.told()
    set_to(town, update(User).where(User.email == INGRID).values(active=False))
    town.call(PIA, write_message, asked, "Still there?")
    assert office.told() == set()


def name_of(town: Town, email: str) -> str:
    with town.world.database.session(system_scope(town.now, "test")) as session:
        return session.query(User.name).where(User.email == email).scalar() or ""
