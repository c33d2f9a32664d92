"""Everything that the vendor's people and the clock can do about requests, at random."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import NotFound
from portal.domain.permissions import Role
from portal.domain.request_grading import Effect, Part
from portal.domain.request_judging import ANSWERS, Judgement
from portal.domain.requests import FIELDS, Answer, Kind, Severity, State
from portal.models import Job, Request, RequestMerge, RequestTracker, SharedRequest, User
from portal.services.requests.acts import Sorting, assign, sort_request
from portal.services.requests.bulk import Outcome, assign_all, merge_all, move_all, undo_all
from portal.services.requests.confirming import relay_answer
from portal.services.requests.drafts import keep_draft
from portal.services.requests.grading import clear_part, set_part
from portal.services.requests.handing_in import Asker, Telling, hand_in
from portal.services.requests.judging import judge_change
from portal.services.requests.making_shared import share_requests
from portal.services.requests.merging import join_family, merge_requests, merge_shared
from portal.services.requests.moving import move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.replies import create_reply
from portal.services.requests.sharing import (
    SharedText,
    Target,
    create_shared,
    edit_shared,
    move_shared,
    publish_shared,
)
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.tracker import hear, link_shared_tracker, link_tracker
from portal.services.requests.voices import vote, vote_for
from portal.tenancy import scope_of
from tests.security.request_acts import Act, at_least_one, store, telling
from tests.security.three_accounts import NOTES, VENDOR, Three

TO_RELEASE = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)
WISH = {"en": SharedText("A wish")}
DRAFT = {"en": SharedText(f"{VENDOR} draft", f"{VENDOR} body")}
OF_TIME = ("requests.close-silent", "requests.warn", "notices.remind", "notices.digest")


def settle(three: Three) -> None:
    """Of each account somebody has told something, with a file, and is asked whether it works."""
    for reader in [one for one in three.readers if one.role is Role.CHAMPION]:
        files = (store(three, reader, reader.mark),)
        key = three.call(reader, hand_in, replace(telling(three, reader.mark), files=files))
        three.call(reader, keep_draft, Kind.QUESTION, {"title": f"{reader.private} draft"})
        fellow = three.readers[three.readers.index(reader) + 1]
        three.call(fellow, vote, key)
        three.by_vendor(Role.CSM, write_message, key, f"{reader.mark} is answered")
        at_least_one([partial(_step, three, move_request, key, to, "") for to in TO_RELEASE])


def hand_in_for(three: Three) -> None:
    reader = three.any_reader()
    asker = three.random.choice(
        [Asker(reader.company, user=reader.key), Asker(reader.company, name=f"{reader.mark} guest")]
    )
    three.by_vendor(Role.CSM, hand_in, telling(three, reader.mark), asker)


def write_down_a_word(three: Three) -> None:
    """Of somebody of an account who cannot sign in, and whose request is released."""
    reader = three.any_reader()
    asker = Asker(reader.company, name=f"{reader.mark} guest")
    told = {name: f"{reader.mark} {name}" for name in FIELDS[Kind.QUESTION]}
    asked = Telling(Kind.QUESTION, f"{reader.mark} wish", told)
    key = three.by_vendor(Role.CSM, hand_in, asked, asker)
    three.by_vendor(Role.PRODUCT, move_request, key, State.RELEASED)
    answer = three.random.choice([Answer.WORKS, Answer.NOT_YET])
    three.by_vendor(Role.CSM, relay_answer, key, answer, f"{reader.mark} says so")


def reply(three: Three) -> None:
    key = three.any_key()
    three.by_vendor(Role.CSM, write_message, key, f"{three.mark_of(key)} is answered")


def note(three: Three) -> None:
    three.by_vendor(Role.CSM, write_note, three.any_key(), f"{VENDOR} note")


def judge(three: Three) -> None:
    answers = {one: three.random.choice(list(of)).value for one, of in ANSWERS.items()}
    remarks = {one: f"{VENDOR} {one.value}" for one in ANSWERS}
    needs = three.rows(
        select(Request.key).where(Request.kind == Kind.NEED.value).order_by(Request.id)
    )
    key = three.random.choice([row.key for row in needs] or ["none"])
    three.by_vendor(Role.PRODUCT, judge_change, key, Judgement(answers, remarks))


def keep_a_reply(three: Three) -> None:
    name = f"{VENDOR} {three.random.random()}"
    three.by_vendor(Role.PRODUCT, create_reply, name, {"en": f"{VENDOR} answers"})


def vote_for_somebody(three: Three) -> None:
    reader = three.any_reader()
    three.by_vendor(Role.CSM, vote_for, three.own_key(reader), reader.key, f"{reader.mark} told me")


def _desk_key(three: Three) -> str:
    (row,) = three.rows(select(User.key).where(User.id == three.vendor[Role.CSM]))
    return str(row.key)


def give(three: Three) -> None:
    three.by_vendor(Role.PRODUCT, assign, three.any_key(), _desk_key(three))


def sort(three: Three) -> None:
    kind = three.random.choice(list(Kind))
    sorting = Sorting(kind, three.random.choice(list(Severity)), Effect.HOURS, "delegation")
    three.by_vendor(Role.PRODUCT, sort_request, three.any_key(), sorting)


def set_grade(three: Three) -> None:
    part = three.random.choice(list(Part))
    three.by_vendor(Role.PRODUCT, set_part, three.any_key(), part, 4, f"{VENDOR} reason")


def clear_grade(three: Three) -> None:
    three.by_vendor(Role.PRODUCT, clear_part, three.any_key(), three.random.choice(list(Part)))


def track(three: Three) -> None:
    url = f"https://github.com/{VENDOR}/issues/{three.random.randint(1, 3)}"
    three.by_vendor(Role.PRODUCT, link_tracker, three.any_key(), url, f"{VENDOR} open")


def track_shared(three: Three) -> None:
    url = f"https://github.com/{VENDOR}/issues/{three.random.randint(1, 3)}"
    key = three.any_key(SharedRequest)
    three.by_vendor(Role.PRODUCT, link_shared_tracker, key, url, f"{VENDOR} open")


def hear_of_an_issue(three: Three) -> None:
    rows = three.rows(select(RequestTracker.url).order_by(RequestTracker.request_id))
    told = [{"html_url": row.url, "state": f"{VENDOR} closed"} for row in rows]
    at_least_one([partial(three.by_nobody, hear, {"issue": one}) for one in told[:1]])


def _some_keys(three: Three) -> list[str]:
    return three.random.sample(keys := three.keys(Request), min(5, len(keys)))


def _bulk(three: Three, outcome: Outcome) -> None:
    if not outcome.done:
        raise NotFound
    three.bulk.append(outcome.key)


def give_many(three: Three) -> None:
    to = three.random.choice(["", _desk_key(three)])
    _bulk(three, three.by_vendor(Role.CSM, assign_all, _some_keys(three), to))


def move_many(three: Three) -> None:
    to = three.random.choice(TO_RELEASE)
    _bulk(three, three.by_vendor(Role.CSM, move_all, _some_keys(three), to))


def merge_many(three: Three) -> None:
    """Into one of an account, some of that account's among them."""

    def some() -> None:
        reader = three.any_reader()
        keys = [*_some_keys(three), three.own_key(reader), three.own_key(reader)]
        into = three.own_key(reader)
        _bulk(three, three.by_vendor(Role.CSM, merge_all, keys, into))

    at_least_one([some] * 3)


def undo_many(three: Three) -> None:
    three.by_vendor(Role.CSM, undo_all, three.random.choice(three.bulk or ["none"]))


def share(three: Three) -> None:
    key = three.by_vendor(Role.PRODUCT, create_shared, Kind.NEED, WISH)
    if three.random.random() < 0.7:
        three.by_vendor(Role.PRODUCT, publish_shared, key)
    else:
        three.by_vendor(Role.PRODUCT, edit_shared, key, DRAFT, Target())


def share_some(three: Three) -> None:
    """Of requests of several accounts; it is published under one of two titles."""
    rows = three.rows(
        select(Request.key, Request.kind)
        .where(Request.shared_id.is_(None), Request.merged_into_id.is_(None))
        .order_by(Request.id.desc())
    )
    keys = [row.key for row in rows if row.kind == rows[0].kind][:3]
    key = three.by_vendor(Role.PRODUCT, share_requests, keys, WISH)
    three.by_vendor(Role.PRODUCT, publish_shared, key)


def hide(three: Three) -> None:
    """A draft's words are not for customers, so it is not published."""
    key = three.any_key(SharedRequest)
    three.by_vendor(Role.PRODUCT, publish_shared, key, published=False)


def link(three: Three) -> None:
    three.by_vendor(Role.PRODUCT, join_family, three.any_key(), three.any_key(SharedRequest))


def merge(three: Three) -> None:
    """Two of one account, some of them new; or of any two, which is refused."""
    one, other = three.any_reader(), three.any_reader()
    if three.random.random() < 0.8:
        other = one
    keys = three.own_key(one), three.own_key(other)
    if three.random.random() < 0.4:
        told = telling(three, one.mark)
        keys = three.call(one, hand_in, told), three.call(one, hand_in, told)
    three.by_vendor(Role.CSM, merge_requests, *keys)


def merge_two_shared(three: Three) -> None:
    three.by_vendor(
        Role.PRODUCT, merge_shared, three.any_key(SharedRequest), three.any_key(SharedRequest)
    )


def undo(three: Three) -> None:
    three.by_vendor(Role.PRODUCT, undo_merge, three.any_key(RequestMerge))


def move(three: Three) -> None:
    key = three.any_key()
    state = three.random.choice([*TO_RELEASE, *TO_RELEASE, State.DECLINED])
    three.by_vendor(Role.PRODUCT, move_request, key, state, f"{three.mark_of(key)} reason")


def release(three: Three) -> None:
    key, note = three.any_key(), three.random.choice(["", *NOTES])
    ways = [partial(_step, three, move_request, key, state, note) for state in TO_RELEASE]
    at_least_one(ways)


def move_family(three: Three) -> None:
    key, note = three.any_key(SharedRequest), three.random.choice(["", *NOTES])
    states = TO_RELEASE[: three.random.randint(1, 4)]
    at_least_one([partial(_step, three, move_shared, key, state, note) for state in states])


def _step(three: Three, act: Any, key: str, state: State, note: str) -> None:
    named = {"release_note": note} if state is State.RELEASED else {}
    three.by_vendor(Role.PRODUCT, act, key, state, **named)


def time_passes(three: Three) -> None:
    """With everything that a worker does meanwhile."""
    three.now += timedelta(days=three.random.choice([1, 1, 1, 15]))
    for name in OF_TIME:
        three.by_nobody(_ask_for, name)
    three.work()


def _ask_for(session: Session, name: str) -> None:
    now = scope_of(session).now
    session.add(Job(key=new_key(), name=name, payload={}, due_at=now, created_at=now))
    session.commit()


BY_VENDOR: tuple[Act, ...] = (
    hand_in_for, write_down_a_word, reply, reply, note, note, judge, keep_a_reply,
    vote_for_somebody, give, sort, sort, set_grade, set_grade, clear_grade, track, track,
    track_shared, hear_of_an_issue, give_many, move_many, merge_many, undo_many, share, share_some,
    hide, link, link, merge, merge, merge_two_shared, undo, undo, move, move, release, release,
    move_family, move_family, time_passes,
)  # fmt: skip
