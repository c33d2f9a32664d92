"""What each reader of three accounts is told: by services, notices, mails, feeds and every page."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.domain.errors import DomainError
from portal.domain.permissions import Role
from portal.models import (
    Mail,
    Notice,
    Request,
    RequestFile,
    RequestMerge,
    RequestMessage,
    SharedRequest,
)
from portal.services.api_keys import create_key
from portal.services.requests.changelog import read_changelog
from portal.services.requests.drafts import list_drafts
from portal.services.requests.listing import (
    RequestQuestion,
    RequestTab,
    every_request,
    find_requests,
    waiting_for,
)
from portal.services.requests.roadmap import RoadmapQuestion, read_roadmap, read_shared
from portal.services.requests.showing import show_request
from portal.services.requests.similar import find_similar
from tests.apps import Door
from tests.security.objects import OBJECTS
from tests.security.test_every_endpoint import address
from tests.security.three_accounts import MARKS, ROVER, Reader, Three, csm_of

Told = tuple[str, str]
"""Where something is told, its room first, and the words."""
SERVER_ERROR = 500
# Rooms in which requests are read; rooms of other things ask `search` and `home`.
PLACES = (
    "/requests", "/roadmap", "/whats-new", "/notices", "/triage", "/files", "/confirm", "/search",
    "/home", "/settings", "/account", "/api/v1", "/decide",
)  # fmt: skip
QUESTIONS = ("", "?q={mark}")
KEYS = {
    "request": Request,
    "shared request": SharedRequest,
    "message": RequestMessage,
    "merge": RequestMerge,
    "request file": RequestFile,
    "notice": Notice,
}
OWNED = (Request, RequestMessage, RequestMerge, RequestFile, Notice)
LINK = re.compile(r"http://localhost(/[\w./?=&-]+)")


def by_services(three: Three, reader: Reader, *, most: int) -> Iterator[Told]:
    with three.reading(reader) as session:
        for tab in RequestTab:
            question = RequestQuestion(tab)
            yield f"list {tab}", repr(find_requests(session, question))
            yield f"file {tab}", repr(every_request(session, question))
        yield "home", repr(waiting_for(session))
        yield "roadmap", repr(read_roadmap(session, RoadmapQuestion()))
        yield "changelog", repr(read_changelog(session))
        yield "draft", repr(list_drafts(session))
        # By the words that each account alone uses, and by what all of them say.
        for words in (*MARKS, "wish who when wants steps question"):
            yield "similar", repr(find_similar(session, words, most=50))
        yield from _one_by_one(three, session, _keys(three, reader, Request, most))


def _one_by_one(three: Three, session: Session, keys: list[str]) -> Iterator[Told]:
    for key in keys:
        yield f"request {key}", _told(show_request, session, key)
    for key in three.keys(SharedRequest):
        yield f"shared {key}", _told(read_shared, session, key)


def _told(read: Callable[[Session, str], object], session: Session, key: str) -> str:
    try:
        return repr(read(session, key))
    except DomainError as refused:
        return repr(refused)


def by_post(three: Three, reader: Reader) -> Iterator[Told]:
    """Mails, and what stands under the bell. Whoever has left gets none."""
    mails = select(
        *(Mail.idempotency_key, Mail.subject, Mail.text, Mail.html, Mail.thread),
        *(Mail.unsubscribe, Mail.reply_to, Mail.calendar),
    )
    theirs = Mail.recipient == reader.email, Mail.id > (reader.mails or 0)
    for row in three.rows(mails.where(*theirs)):
        yield row.idempotency_key.split(":")[1], repr(tuple(row))
    if reader.mails is None:
        notices = select(Notice.kind, Notice.path, Notice.values)
        for row in three.rows(notices.where(Notice.user_id == reader.user_id)):
            yield "notice", repr(tuple(row))


def by_link(three: Three, door: Door, reader: Reader) -> Iterator[Told]:
    """Whatever address of the portal a mail of theirs names, opened by nobody in particular."""
    mails = select(Mail.text).where(Mail.recipient == reader.email).order_by(Mail.id.desc())
    client = door.visitor()
    links = dict.fromkeys(one for row in three.rows(mails) for one in LINK.findall(row.text))
    for place in ("/confirm/", "/notices/unsubscribe/"):
        for path in [one for one in links if one.startswith(place)][-3:]:
            yield from _ask(client, path, "link")


def by_feed(three: Three, door: Door) -> Iterator[tuple[Reader, Told]]:
    for reader, secret in three.feeds:
        for told in _ask(door.visitor(), f"/roadmap/feed/{secret}.atom", "feed"):
            yield reader, told


def page_readers(three: Three) -> list[Reader]:
    """A champion of each account, who may most; who has changed companies; and at the vendor who
    looks after one account.
    """
    champions = [one for one in three.readers if one.role is Role.CHAMPION]
    rover = next(one for one in three.readers if one.email.startswith(ROVER.lower()))
    return [*champions, rover, csm_of(three)]


def by_pages(three: Three, door: Door, reader: Reader, *, most: int) -> Iterator[Told]:
    """Every address of the live URL map that lists requests, or takes one: of the objects of other
    accounts at most so many a kind.
    """
    client = door.sign_in(reader.email)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {_secret(three, reader)}"
    for rule in door.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not str(rule).startswith(PLACES):
            continue
        for values in _values(three, reader, rule, most):
            for question in QUESTIONS if not rule.arguments else ("",):
                url = address(door.app, rule, values) + question.format(mark=reader.mark[:-1])
                yield from _ask(client, url, "page")


def _ask(client: FlaskClient, url: str, room: str) -> Iterator[Told]:
    """And what it leads to, where that is the content of a file."""
    answer = client.get(url)
    assert answer.status_code < SERVER_ERROR, url
    yield f"{room} {url}", answer.data.decode(errors="replace") + str(answer.headers)
    leads_to = urlsplit(answer.headers.get("Location", "")).path
    if leads_to.startswith("/files/"):
        yield f"content {url}", client.get(leads_to).data.decode(errors="replace")
    answer.close()


def _secret(three: Three, reader: Reader) -> str:
    named = {"name": reader.email, "kind": "api", "account_key": reader.company}
    secret: str = three.by_nobody(create_key, **named).secret
    return secret


def _values(three: Three, reader: Reader, rule: Rule, most: int) -> list[dict[str, str]]:
    """Each object of the reader's account, some of the others', where the address takes one; none
    where it takes something else.
    """
    kinds = {name: OBJECTS[rule.endpoint, name] for name in rule.arguments}
    if not kinds:
        return [{}]
    if len(kinds) > 1 or not set(kinds.values()) <= set(KEYS):
        return []
    ((name, kind),) = kinds.items()
    return [{name: key} for key in _keys(three, reader, KEYS[kind], most)]


def _keys(three: Three, reader: Reader, model: type, most: int) -> list[str]:
    if model not in OWNED:
        return three.keys(model)
    rows = three.rows(select(model.key, model.account_id).order_by(model.id))
    own = [row.key for row in rows if row.account_id == reader.account_id]
    others = [row.key for row in rows if row.account_id != reader.account_id]
    chosen = three.random.sample(others, min(most, len(others)))
    return [*(own[-most:] if model is Notice else own), *chosen]
