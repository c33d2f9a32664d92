"""Pages answered before the application say what the application would say."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.models import Account, Feature, User, UserSession, Vendor
from portal.services.catalogue.version import raise_version
from portal.services.imports import import_people
from portal.tenancy import system_scope
from portal.web.state import State
from tests.apps import Door, made_app, make_settings, put_over
from tests.blueprints.usage import Morning, counted, days_back, morning, work
from tests.databases import closing, open_database
from tests.world import ELIF, HENRIK, INGRID, MARA, NOW, OSKELUND

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
GZIP = {"Accept-Encoding": "gzip"}
TOKEN = re.compile(rb'(?<=name="csrf_token" value=")[^"]+')
COOKIES = ("paceline", "paceline_locale", "paceline_theme")


@pytest.fixture
def busy(door: Door) -> Door:
    work(door.world.database, OSKELUND, range(1, 5), days_back(0, 1, 2))
    return door


@pytest.fixture(scope="module")
def other_app(sqlite_template: Path) -> Iterator[Flask]:
    with (
        closing(open_database(f"sqlite:///{sqlite_template}")) as database,
        made_app(make_settings(), database) as made,
    ):
        yield made


@pytest.fixture
def unmindful(
    busy: Door, other_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Another process, which has sent nothing yet."""
    settings = make_settings(data_dir=tmp_path_factory.mktemp("other"))
    with put_over(other_app, State(settings, busy.world.database)) as made:
        yield made


def ask(client: FlaskClient, path: str = "/adoption", **headers: str) -> TestResponse:
    return client.get(path, headers={**GZIP, **headers})


def reader(door: Door, email: str = INGRID) -> FlaskClient:
    """Who has been here before: the first answer gives the token for forms."""
    client = door.sign_in(email)
    client.get("/me")
    return client


def same_browser(client: FlaskClient, app: Flask) -> FlaskClient:
    other = app.test_client()
    for name in COOKIES:
        cookie = client.get_cookie(name)
        if cookie is not None:
            other.set_cookie(name, cookie.value)
    return other


def said(answer: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """All but what differs from one answer to the next, and the tokens, which tell their second."""
    headers = {
        name: value.split(";")[0] if name == "Set-Cookie" else value
        for name, value in answer.headers
        if name not in {"X-Request-ID", "Content-Length"}
    }
    packed = headers.get("Content-Encoding") == "gzip"
    text = gzip.decompress(answer.data) if packed else answer.data
    text = text.replace(answer.headers["X-Request-ID"].encode(), b"")
    return answer.status_code, headers, TOKEN.sub(b"", text)


def test_a_page_and_one_that_is_held_cost_two_statements(busy: Door, unmindful: Flask) -> None:
    ingrid = reader(busy)
    first = ask(ingrid)
    held = {"If-None-Match": first.headers["ETag"]}
    with counted(busy.world.database) as sent:
        assert said(ask(ingrid)) == said(first)
        unchanged = ask(ingrid, **held)
    assert len(sent) == 4, "\n".join(sent)
    assert unchanged.status_code == 304
    assert not unchanged.data
    other = same_browser(ingrid, unmindful)
    assert said(unchanged) == said(ask(other, **held))
    with counted(busy.world.database) as sent:
        assert ask(other, **held).status_code == 304
    assert len(sent) == 2, "\n".join(sent)


def change(door: Door, *statements: Any) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for statement in statements:
            session.execute(statement)
        session.commit()


def of_oskelund(**values: Any) -> Any:
    return update(Account).where(Account.key == OSKELUND.key).values(**values)


def of_ingrid(**values: Any) -> Any:
    return update(User).where(User.email == INGRID).values(**values)


def late_event(door: Door) -> None:
    work(door.world.database, OSKELUND, [5], days_back(1))


def one_more_person(door: Door) -> None:
    rows = f"account,external_id,active_from\n{OSKELUND.key},new-one,2026-01-01\n"
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        import_people(session, rows.encode())


def another_catalogue(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Feature).values(core=False))
        raise_version(session)
        session.commit()


def in_groups(door: Door) -> None:
    change(door, of_oskelund(people_shown="groups", name="Oskelund in groups"))


def another_zone(door: Door) -> None:
    change(door, of_oskelund(time_zone="Asia/Tokyo"))


def another_name(door: Door) -> None:
    change(door, of_ingrid(name="Ingrid Anders"))


def another_language(door: Door) -> None:
    change(door, of_ingrid(locale="zh-Hans"))


def another_theme(door: Door) -> None:
    change(door, of_ingrid(theme="dark"))


def another_role(door: Door) -> None:
    change(door, of_ingrid(role="member"))


def shut_out(door: Door) -> None:
    change(door, of_ingrid(active=False))


def signed_out_elsewhere(door: Door) -> None:
    change(door, update(UserSession).values(ended_at=NOW))


def new_password_elsewhere(door: Door) -> None:
    change(door, of_ingrid(fs_uniquifier="another"))


def another_vendor(door: Door) -> None:
    change(door, update(Vendor).values(name="Anderland"))


@pytest.mark.parametrize(
    "happen",
    [
        *(late_event, one_more_person, another_catalogue, in_groups, another_zone),
        *(another_name, another_language, another_theme, another_role),
        *(shut_out, signed_out_elsewhere, new_password_elsewhere, another_vendor),
    ],
)
def test_whatever_changes_shows_at_once(
    busy: Door, unmindful: Flask, happen: Callable[[Door], None]
) -> None:
    ingrid = reader(busy)
    first = ask(ingrid)
    assert said(ask(ingrid)) == said(first)
    happen(busy)
    answer = ask(ingrid, **{"If-None-Match": first.headers["ETag"]})
    assert said(answer) == said(ask(same_browser(ingrid, unmindful)))
    assert said(answer) != said(first)


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(days=3)])
def test_tomorrow_is_another_day(
    busy: Door, unmindful: Flask, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    ingrid = reader(busy)
    first = ask(ingrid)

    class Later(Morning):
        @staticmethod
        def now(zone: object) -> datetime:
            del zone
            return NOW + later

    monkeypatch.setattr("portal.web.clock.datetime", Later)
    answer = ask(ingrid, **{"If-None-Match": first.headers["ETag"]})
    assert said(answer) == said(ask(same_browser(ingrid, unmindful)))
    assert said(answer) != said(first)


def test_another_request_gets_another_answer(busy: Door, unmindful: Flask) -> None:
    ingrid = reader(busy)
    ask(ingrid)
    requests: list[tuple[str, dict[str, str]]] = [
        ("/adoption?window=7", {}),
        ("/adoption", {"HX-Request": "true"}),
        ("/adoption", {"Accept-Language": "zh-TW"}),
        ("/adoption?locale=zh-Hans", {}),
        ("/adoption", {}),
        ("/adoption?theme=dark", {}),
        ("/adoption", {}),
    ]
    for path, headers in requests:
        browser = same_browser(ingrid, unmindful)
        for _ in range(2):
            assert said(ask(ingrid, path, **headers)) == said(ask(browser, path, **headers))


def test_each_reader_gets_their_own(busy: Door) -> None:
    pages = {email: said(ask(reader(busy, email)))[2] for email in (INGRID, ELIF, HENRIK)}
    assert len(set(pages.values())) == 3
    assert b"Quillon" not in pages[INGRID]
    assert b"Oskelund" not in pages[ELIF]
    desk = f"/accounts/{OSKELUND.key}/adoption"
    mara = reader(busy, MARA)
    assert said(ask(mara, desk)) == said(ask(mara, desk))
    change(busy, update(User).where(User.email == MARA).values(role="editor"))
    assert ask(mara, desk).status_code == 403


def test_a_message_is_shown_once(busy: Door) -> None:
    ingrid = reader(busy)
    ask(ingrid)
    with ingrid.session_transaction() as cookie:
        cookie["_flashes"] = [("info", "Only this once")]
    assert b"Only this once" in said(ask(ingrid))[2]
    assert b"Only this once" not in said(ask(ingrid))[2]


def test_without_gzip_and_with_other_methods_the_application_answers(busy: Door) -> None:
    ingrid = reader(busy)
    first = said(ask(ingrid))
    assert TOKEN.sub(b"", ingrid.get("/adoption").data) == first[2]
    assert ingrid.post("/adoption", headers=GZIP).status_code == 405
    assert not ingrid.head("/adoption", headers=GZIP).data
