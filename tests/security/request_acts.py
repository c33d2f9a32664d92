"""Everything that customers can do about requests, at random, each in the words of whoever does it.

An act that is refused raises a DomainError.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from typing import Any

from sqlalchemy import func, select

from portal.domain.errors import DomainError, NotFound
from portal.domain.notices import FOR_CUSTOMERS, Way
from portal.domain.permissions import Role
from portal.domain.requests import FIELDS, Answer, Kind, State, Visibility
from portal.models import FeedToken, Mail, Notice, Request, RequestConfirmation, SharedRequest, User
from portal.services.notices.asking import Claim, answer_asked
from portal.services.notices.bell import mark_all_read, mark_read
from portal.services.notices.choices import DIGEST, choose, unsubscribe
from portal.services.requests.access import find_request
from portal.services.requests.adding_files import add_file
from portal.services.requests.confirming import answer_request
from portal.services.requests.drafts import discard_draft, keep_draft
from portal.services.requests.feeds import make_feed, revoke_feed
from portal.services.requests.files import remove_file, store_file, take_in
from portal.services.requests.handing_in import Telling, hand_in
from portal.services.requests.joining import join_shared
from portal.services.requests.mail_addresses import reply_address
from portal.services.requests.mail_in import MailDoor, Outcome, take_mail
from portal.services.requests.receipts import account_id_of_request, write_once
from portal.services.requests.talking import write_message
from portal.services.requests.voices import follow, take_vote_back, vote
from portal.services.user_access import deactivate
from portal.services.users import create_user
from portal.services.virus_scan import Scanner
from tests.security.three_accounts import MAIL_IN, MAIL_SERVER, MARKS, ROVER, Reader, Three
from tests.world import PASSWORD

Act = Callable[[Three], None]


def at_least_one(calls: Iterable[Callable[[], Any]]) -> None:
    """What is refused is refused; where all are, the act is."""
    done = sum(_is_done(call) for call in calls)
    if not done:
        raise NotFound


def _is_done(call: Callable[[], Any]) -> bool:
    try:
        call()
    except DomainError:
        return False
    return True


def telling(three: Three, mark: str, *, visibility: Visibility = Visibility.COMPANY) -> Telling:
    kind = three.random.choice([Kind.NEED, Kind.NEED, Kind.BUG, Kind.QUESTION])
    told = {name: f"{mark} {name}" for name in FIELDS[kind]}
    return Telling(kind, f"{mark} wish", told, visibility)


def store(three: Three, reader: Reader, mark: str) -> str:
    sent = take_in(f"{mark}.txt", f"{mark} in a file".encode(), Scanner(""))
    key: str = three.call(reader, store_file, three.files, sent)
    return key


def hand_in_one(three: Three) -> None:
    reader = three.any_reader()
    hidden = three.random.random() < 0.3
    mark = reader.private if hidden else reader.mark
    told = telling(three, mark, visibility=Visibility.PRIVATE if hidden else Visibility.COMPANY)
    if three.random.random() < 0.3:
        told = replace(told, files=(store(three, reader, mark),))
    three.call(reader, hand_in, told)


def keep_a_draft(three: Three) -> None:
    reader = three.any_reader()
    three.call(reader, keep_draft, Kind.NEED, {"title": f"{reader.private} draft"})


def discard_a_draft(three: Three) -> None:
    three.call(three.any_reader(), discard_draft, Kind.NEED)


def lay_a_file(three: Three) -> None:
    """It stays the reader's own, or is taken away again."""
    reader = three.any_reader()
    key = store(three, reader, reader.private)
    if three.random.random() < 0.5:
        three.call(reader, remove_file, three.files, key)


def say(three: Three) -> None:
    """Now and then with a file, or to somebody by name."""
    reader = three.any_reader()
    key = three.own_key(reader)
    with three.reading(reader) as session:
        find_request(session, key)
    mark = three.mark_of(key)
    files = [store(three, reader, mark)] if three.random.random() < 0.3 else []
    named = f"@{ROVER}: " if three.random.random() < 0.3 else ""
    three.call(reader, write_message, key, f"{named}{mark} says", files=files)


def use_a_voice(three: Three) -> None:
    reader = three.any_reader()
    act = three.random.choice([vote, vote, take_vote_back, follow, partial(follow, active=False)])
    three.call(reader, act, three.own_key(reader))


def join(three: Three) -> None:
    three.call(three.any_reader(), join_shared, three.any_key(SharedRequest))


def _answered(three: Three) -> tuple[Answer, str]:
    return three.random.choice([*Answer, Answer.NOT_YET]), "why"


def answer(three: Three) -> None:
    waiting = three.rows(
        select(Request.key, Request.account_id)
        .where(Request.state == State.RELEASED.value)
        .order_by(Request.id)
    )
    at_least_one([partial(_answer_one, three, *row) for row in waiting[-3:]])


def _answer_one(three: Three, key: str, account_id: int, *, by_key: bool = False) -> None:
    said, why = _answered(three)
    people = [one for one in three.readers if one.account_id == account_id]
    reader = three.random.choice(people)
    call = three.by_key if by_key else three.call
    call(reader, answer_request, key, said, f"{three.mark_of(key)} {why}")


def answer_by_link(three: Three) -> None:
    asked = three.rows(
        select(Request.key, RequestConfirmation.release, RequestConfirmation.user_id)
        .join(Request, Request.id == RequestConfirmation.request_id)
        .where(RequestConfirmation.answer == "")
        .order_by(Request.id, RequestConfirmation.user_id)
    )
    at_least_one([partial(_answer_link, three, *row) for row in asked[-3:]])


def _answer_link(three: Three, key: str, release: int, user_id: int) -> None:
    said, why = _answered(three)
    for reader in [one for one in three.readers if one.user_id == user_id]:
        claim = Claim(key, release, reader.key)
        three.call(reader, answer_asked, claim, said, f"{three.mark_of(key)} {why}")
        return
    raise NotFound


def attach_by_key(three: Three) -> None:
    reader = three.any_reader()
    key = three.own_key(reader)
    three.by_key(reader, account_id_of_request, key)
    mark = three.mark_of(key)
    sent = take_in(f"{mark}.txt", f"{mark} by a key".encode(), Scanner(""))
    three.by_key(reader, add_file, three.files, sent, key)


def write_by_key(three: Three) -> None:
    """Now and then under a number that was used before."""
    reader = three.any_reader()
    key = three.own_key(reader)
    three.by_key(reader, account_id_of_request, key)
    mark = three.mark_of(key)
    number = f"{mark} {three.random.randrange(4)}"
    named = {"external_id": number, "author_name": f"{mark} key"}
    three.by_key(reader, write_once, key, f"{mark} says by a key", **named)


def take_back_by_key(three: Three) -> None:
    reader = three.any_reader()
    three.by_key(reader, take_vote_back, three.own_key(reader))


def answer_by_key(three: Three) -> None:
    released = select(Request.key, Request.account_id).where(Request.state == State.RELEASED.value)
    waiting = three.rows(released.order_by(Request.id))
    at_least_one([partial(_answer_one, three, *row, by_key=True) for row in waiting[-3:]])


def write_a_mail(three: Three) -> None:
    reader = three.any_reader()
    _mail(three, reader, MAIL_IN, reader.mark, Outcome.REQUEST)


def reply_by_mail(three: Three) -> None:
    reader = three.any_reader()
    key = three.own_key(reader)
    to = reply_address(three.settings, key, reader.user_id)
    _mail(three, reader, to, three.mark_of(key), Outcome.MESSAGE)


def reply_with_anothers_address(three: Three) -> None:
    """Somebody has got hold of an address that was made for another."""
    reader = three.any_reader()
    other = three.random.choice([one for one in three.readers if one is not reader])
    to = reply_address(three.settings, three.own_key(other), other.user_id)
    _mail(three, reader, to, reader.mark, Outcome.UNVERIFIED)


def _mail(three: Three, reader: Reader, to: str | None, mark: str, wanted: Outcome) -> None:
    letter = EmailMessage()
    letter["Authentication-Results"] = f"{MAIL_SERVER}; dkim=pass header.d=leak.example"
    letter["From"], letter["To"], letter["Subject"] = reader.email, to or "", f"{mark} subject"
    letter.set_content(f"{mark} writes {three.random.random()}")
    letter.add_attachment(f"{mark} in a file", filename=f"{mark}.txt")
    door = MailDoor(three.database, three.settings, lambda: three.now)
    if take_mail(door, letter.as_bytes()) is not wanted:
        raise NotFound


def choose_notices(three: Three) -> None:
    reader = three.any_reader()
    ways = {kind: three.random.choice(list(Way)) for kind in FOR_CUSTOMERS}
    three.call(reader, choose, ways)
    if three.random.random() < 0.2:
        three.call(reader, unsubscribe, DIGEST)


def read_notices(three: Three) -> None:
    row = select(Notice.key, Notice.user_id).order_by(Notice.id.desc()).limit(20)
    found = {one.user_id: one.key for one in three.rows(row)}
    for reader in [one for one in three.readers if one.user_id in found]:
        three.call(reader, mark_read, found[reader.user_id])
        three.call(reader, mark_all_read)
        return
    raise NotFound


def make_a_feed(three: Three) -> None:
    reader = three.any_reader()
    three.feeds.append((reader, three.call(reader, make_feed)))


def revoke_a_feed(three: Three) -> None:
    reader = three.any_reader()
    own = FeedToken.user_id == reader.user_id, FeedToken.revoked_at.is_(None)
    for row in three.rows(select(FeedToken.key).where(*own).limit(1)):
        three.call(reader, revoke_feed, row.key)


def change_company(three: Three) -> None:
    """Leaves, which shuts them out, and is asked into another, under a new address."""
    rover = next(one for one in three.readers if one.email.startswith(ROVER.lower()))
    three.work()
    three.by_vendor(Role.ADMIN, deactivate, rover.key)
    mark = MARKS[(MARKS.index(rover.mark) + three.random.choice([1, 2])) % len(MARKS)]
    email = f"{ROVER.lower()}.{len(three.gone)}@leak.example"
    there = next(one for one in three.readers if one.mark == mark)
    made = partial(create_user, email=email, role=Role.MEMBER, account_key=there.company)
    key = three.by_vendor(Role.ADMIN, partial(made, password=PASSWORD, name=ROVER))
    ((user_id, uniquifier),) = three.rows(
        select(User.id, User.fs_uniquifier).where(User.key == key)
    )
    three.world.users[email] = (user_id, uniquifier)
    three.readers.remove(rover)
    three.readers.append(Reader(user_id, key, email, Role.MEMBER, mark, there.account_id))
    ((mails,),) = three.rows(select(func.max(Mail.id)))
    three.gone.append(replace(rover, mails=mails or 0))


BY_CUSTOMERS: tuple[Act, ...] = (
    hand_in_one, hand_in_one, keep_a_draft, discard_a_draft, lay_a_file, say, say, use_a_voice,
    use_a_voice, join, join, answer, answer, answer_by_link, write_a_mail, reply_by_mail,
    reply_with_anothers_address, choose_notices, read_notices, make_a_feed, make_a_feed,
    revoke_a_feed, change_company, attach_by_key, write_by_key, take_back_by_key, answer_by_key,
)  # fmt: skip
