"""Whatever is done to requests, no door tells one account of another: random lives of three.

Every text bears the mark of its account, of whoever keeps it to themselves, or of the vendor's own
people. After a random sequence of everything that can be done, each reader asks the services and
every address of the live URL map that lists requests or takes one, of whatever account; notices
and mails that were made on the way are read as well. A new page is in it by itself.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.db import Database
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
from portal.services.requests.listing import (
    RequestQuestion,
    RequestTab,
    every_request,
    find_requests,
    waiting_for,
)
from portal.services.requests.roadmap import RoadmapQuestion, read_roadmap, read_shared
from portal.services.requests.showing import show_request
from portal.tenancy import system_scope
from portal.web.state import State
from portal.worker import Worker
from tests.apps import Door, make_settings, put_over
from tests.jobs.workers import settings_for
from tests.security.objects import OBJECTS
from tests.security.request_acts import live
from tests.security.test_every_endpoint import address
from tests.security.three_accounts import ARR, MARKS, VENDOR, Reader, Three, build_three

# One life an engine costs seconds; another number is another life.
SEEDS = (5,)
STEPS = 60
SERVER_ERROR = 500
# Where each account must find a word of its own.
BLIND = ("list", "request", "mail", "notice", "page")
# Rooms in which requests are read; rooms of other things ask `search` and `home`.
PLACES = (
    "/requests", "/roadmap", "/whats-new", "/notices", "/triage", "/files", "/confirm", "/search",
    "/home", "/settings", "/account", "/api/v1",
)  # fmt: skip
QUESTIONS = ("", "?q={mark}", "?tab=closed")
KEYS = {
    "request": Request,
    "shared request": SharedRequest,
    "message": RequestMessage,
    "merge": RequestMerge,
    "request file": RequestFile,
    "notice": Notice,
}
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.,'’\u202f\xa0]+(?=\d)")


@pytest.fixture(params=SEEDS)
def three(request: pytest.FixtureRequest, database: Database) -> Three:
    made = build_three(database, request.param)
    live(made, STEPS)
    Worker(settings_for(database.url), database, clock=lambda: made.now, timetable=()).drain()
    return made


def forbidden(three: Three, reader: Reader) -> dict[str, str]:
    """What that reader must not find, and why."""
    others = {mark: "another account" for mark in MARKS if mark != reader.mark}
    incomes = {ARR[mark]: "another's revenue" for mark in others}
    colleagues = {
        one.private: "a colleague's own"
        for one in three.readers
        if one.mark == reader.mark and one is not reader
    }
    return {**others, **incomes, **colleagues, VENDOR: "the vendor's own"}


def leaks(three: Three, reader: Reader, place: str, said: str, asked: str = "") -> list[str]:
    """What was asked for itself is no leak where an answer repeats it."""
    bare = said.replace(asked, "") if asked else said
    bare = BETWEEN_DIGITS.sub("", bare.lower())
    found = forbidden(three, reader).items()
    return [f"{reader.email} at {place}: {why} ({word})" for word, why in found if word in bare]


def _services(three: Three, reader: Reader) -> Iterator[tuple[str, str]]:
    with three.reading(reader) as session:
        for tab in RequestTab:
            question = RequestQuestion(tab)
            yield f"list {tab}", repr(find_requests(session, question))
            yield f"file {tab}", repr(every_request(session, question))
        yield "home", repr(waiting_for(session))
        yield "roadmap", repr(read_roadmap(session, RoadmapQuestion()))
        yield "changelog", repr(read_changelog(session))
        for key in three.keys(Request):
            yield f"request {key}", _told(lambda key=key: show_request(session, key))  # type: ignore[misc] # a default binds it
        for key in three.keys(SharedRequest):
            yield f"shared {key}", _told(lambda key=key: read_shared(session, key))  # type: ignore[misc] # a default binds it


def _told(read: Callable[[], object]) -> str:
    try:
        return repr(read())
    except DomainError as refused:
        return repr(refused)


def test_nobody_reads_what_others_have_told(
    three: Three, wired_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found, told = [], set()
    for reader in three.readers:
        for place, said in (*_services(three, reader), *_post(three, reader)):
            found += leaks(three, reader, place, said)
            told |= {(reader.mark, place.partition(" ")[0])} if reader.mark in said else set()
    settings = make_settings(data_dir=tmp_path_factory.mktemp("data"))
    with put_over(wired_app, State(settings, three.database)) as app:
        for reader in _readers(three):
            for url, said in _pages(three, Door(app, three.world), reader):
                found += leaks(three, reader, url, said, asked=url)
                told |= {(reader.mark, "page")} if reader.mark in said else set()
    assert found == [], three.done
    missing = {(mark, place) for mark in MARKS for place in BLIND} - told
    assert missing == set(), "what may be read must be told there, or this test is blind"


def _post(three: Three, reader: Reader) -> Iterator[tuple[str, str]]:
    mails = select(Mail.subject, Mail.text, Mail.html, Mail.thread, Mail.unsubscribe)
    for row in three.rows(mails.where(Mail.recipient == reader.email)):
        yield "mail", repr(tuple(row))
    notices = select(Notice.kind, Notice.path, Notice.values)
    for row in three.rows(notices.where(Notice.user_id == reader.user_id)):
        yield "notice", repr(tuple(row))


def _readers(three: Three) -> list[Reader]:
    """A champion of each account, who may most, and one member, for what colleagues keep."""
    champions = [one for one in three.readers if one.role is Role.CHAMPION]
    return [*champions, next(one for one in three.readers if one.role is Role.MEMBER)]


def _secret(three: Three, reader: Reader) -> str:
    with three.database.session(system_scope(three.now, "test"), writes=True) as session:
        return create_key(session, name=reader.email, kind="api", account_key=reader.company).secret


def _pages(three: Three, door: Door, reader: Reader) -> Iterator[tuple[str, str]]:
    client = door.sign_in(reader.email)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {_secret(three, reader)}"
    for rule in door.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not str(rule).startswith(PLACES):
            continue
        for values in _values(three, rule):
            for question in QUESTIONS if not rule.arguments else ("",):
                url = address(door.app, rule, values) + question.format(mark=reader.mark[:-1])
                answer = client.get(url)
                assert answer.status_code < SERVER_ERROR, url
                yield url, answer.data.decode(errors="replace") + str(answer.headers)


def _values(three: Three, rule: Rule) -> list[dict[str, str]]:
    """Every object of every account, where the address takes one; none where it takes another."""
    kinds = {name: OBJECTS[rule.endpoint, name] for name in rule.arguments}
    if not kinds:
        return [{}]
    if len(kinds) > 1 or not set(kinds.values()) <= set(KEYS):
        return []
    ((name, kind),) = kinds.items()
    return [{name: key} for key in three.keys(KEYS[kind])]
