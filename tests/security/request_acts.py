"""Everything that can be done to requests, at random, in the words of whoever does it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.domain.errors import DomainError
from portal.domain.permissions import Role
from portal.domain.requests import Answer, Kind, State, Visibility
from portal.models import Request, RequestMerge, SharedRequest
from portal.services.requests.confirming import answer_request
from portal.services.requests.handing_in import Asker, Telling, hand_in
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import (
    join_family,
    merge_requests,
    merge_shared,
    undo_merge,
)
from portal.services.requests.moving import close_silent, move_request
from portal.services.requests.sharing import (
    SharedText,
    Target,
    create_shared,
    edit_shared,
    move_shared,
    publish_shared,
)
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.voices import follow, take_vote_back, vote, vote_for
from portal.tenancy import system_scope
from tests.security.three_accounts import VENDOR, Three

TO_RELEASE = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)
SCENE = ("who", "when", "wants")


def _hand_in(three: Three) -> None:
    reader = three.any_reader()
    hidden = three.random.random() < 0.3
    mark = reader.private if hidden else reader.mark
    visibility = Visibility.PRIVATE if hidden else Visibility.COMPANY
    told = {name: f"{mark} {name}" for name in SCENE}
    three.call(reader, hand_in, Telling(Kind.NEED, f"{mark} wish", told, visibility))


def _hand_in_for(three: Three) -> None:
    reader = three.any_reader()
    told = {name: f"{reader.mark} {name}" for name in SCENE}
    telling = Telling(Kind.NEED, f"{reader.mark} by mail", told)
    asker = three.random.choice(
        [Asker(reader.company, user=reader.key), Asker(reader.company, name=f"{reader.mark} guest")]
    )
    three.by_vendor(Role.CSM, hand_in, telling, asker)


def _say(three: Three) -> None:
    reader = three.any_reader()
    key = three.own_key(reader)
    three.call(reader, write_message, key, f"{three.mark_of(key)} says")


def _reply(three: Three) -> None:
    key = three.any_key()
    three.by_vendor(Role.CSM, write_message, key, f"{three.mark_of(key)} is answered")


def _note(three: Three) -> None:
    three.by_vendor(Role.CSM, write_note, three.any_key(), f"{VENDOR} note")


def _vote(three: Three) -> None:
    reader = three.any_reader()
    act = three.random.choice([vote, vote, take_vote_back, follow])
    three.call(reader, act, three.own_key(reader))


def _vote_for(three: Three) -> None:
    reader = three.any_reader()
    three.by_vendor(Role.CSM, vote_for, three.own_key(reader), reader.key, f"{reader.mark} told me")


def _share(three: Three) -> None:
    key = three.by_vendor(Role.PRODUCT, create_shared, Kind.NEED, {"en": SharedText("A wish")})
    if three.random.random() < 0.7:
        three.by_vendor(Role.PRODUCT, publish_shared, key)
    else:
        words = {"en": SharedText(f"{VENDOR} draft", f"{VENDOR} body")}
        three.by_vendor(Role.PRODUCT, edit_shared, key, words, Target())


def _hide(three: Three) -> None:
    """A draft's words are not for customers, so it is not published."""
    key = three.any_key(SharedRequest)
    three.by_vendor(Role.PRODUCT, publish_shared, key, published=False)


def _join(three: Three) -> None:
    three.call(three.any_reader(), join_shared, three.any_key(SharedRequest))


def _link(three: Three) -> None:
    three.by_vendor(Role.PRODUCT, join_family, three.any_key(), three.any_key(SharedRequest))


def _merge(three: Three) -> None:
    reader = three.any_reader()
    three.by_vendor(Role.CSM, merge_requests, three.own_key(reader), three.own_key(reader))


def _merge_any(three: Three) -> None:
    three.by_vendor(Role.CSM, merge_requests, three.any_key(), three.any_key())


def _merge_shared(three: Three) -> None:
    three.by_vendor(
        Role.PRODUCT, merge_shared, three.any_key(SharedRequest), three.any_key(SharedRequest)
    )


def _undo(three: Three) -> None:
    three.by_vendor(Role.PRODUCT, undo_merge, three.any_key(RequestMerge))


def _move(three: Three) -> None:
    key = three.any_key()
    state = three.random.choice([*TO_RELEASE, *TO_RELEASE, State.DECLINED])
    three.by_vendor(Role.PRODUCT, move_request, key, state, f"{three.mark_of(key)} reason")


def _release(three: Three) -> None:
    key = three.any_key()
    for state in TO_RELEASE:
        _tried(three.by_vendor, Role.PRODUCT, move_request, key, state)


def _move_shared(three: Three) -> None:
    key = three.any_key(SharedRequest)
    for state in TO_RELEASE[: three.random.randint(1, 4)]:
        _tried(three.by_vendor, Role.PRODUCT, move_shared, key, state, "For everybody")


def _answer(three: Three) -> None:
    waiting = three.rows(
        select(Request.key, Request.account_id, Request.requester_id).where(
            Request.state == State.RELEASED.value
        )
    )
    for row in waiting[: three.random.randint(0, 3)]:
        people = [one for one in three.readers if one.account_id == row.account_id]
        reader = three.random.choice(people)
        answer = three.random.choice([*Answer, Answer.NOT_YET])
        _tried(three.call, reader, answer_request, row.key, answer, f"{three.mark_of(row.key)} why")


def _time_passes(three: Three) -> None:
    three.now += timedelta(days=three.random.choice([1, 1, 1, 15]))
    with three.database.session(system_scope(three.now, "test"), writes=True) as session:
        close_silent(session)


ACTS: tuple[Callable[[Three], None], ...] = (
    *(_hand_in,) * 3, _hand_in_for, *(_say,) * 2, *(_reply,) * 2, *(_note,) * 2, *(_vote,) * 2,
    _vote_for, _share, _hide, *(_join,) * 2, *(_link,) * 2, *(_merge,) * 2, _merge_any,
    _merge_shared, *(_undo,) * 2, *(_move,) * 3, *(_release,) * 2, *(_move_shared,) * 2,
    *(_answer,) * 2, _time_passes,
)  # fmt: skip


def live(three: Three, steps: int) -> None:
    """Does so many random things; what is refused is refused."""
    for act in (*(_hand_in,) * 6, _share, _share, *three.random.choices(ACTS, k=steps)):
        three.done.append(act.__name__)
        _tried(act, three)


def _tried(act: Callable[..., Any], *given: Any) -> None:
    try:
        act(*given)
    except DomainError:
        return
