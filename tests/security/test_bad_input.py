"""Whatever is sent to whichever endpoint: a clear answer in our shape, and never our fault."""

from urllib.parse import urljoin, urlsplit

import pytest

from portal.app import LARGEST_REQUEST
from portal.db import Database
from tests.apps import Door, made_app, make_settings
from tests.security.junk import (
    ENOUGH,
    HARD_TO_STORE,
    READ_BY_ALL,
    VALUES,
    Target,
    faults,
    note_members,
    targets,
)
from tests.security.objects import make_objects
from tests.world import build_world

FRAGMENT = {"HX-Request": "true"}
METHODS = {"PUT", "DELETE", "PATCH", "TRACE", "FROB"}
# So that no worker of a run does all of it alone.
PARTS = 3
PATHS = [
    "/no-such-page",
    "/../../etc/passwd",
    "/static/../portal/config.py",
    "/static/..%2f..%2fportal/config.py",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static//etc/passwd",
    "/static/%00",
    "/static/css%00.css",
    "/static/" + "a" * 5000,
    "/reports/%00",
    "/reports/%FF%FE",
    "/reports/%ED%A0%80",
    "/reports/" + "a" * 5000,
    "/reports/..%2f..%2f",
    "/knowledge/%00",
    "/knowledge/%E2%80%AE",
    "/accounts/%00/adoption",
    "/adoption/..%2fdays.csv",
    "/%",
    "/%zz",
    "//evil.example/",
    "/\\evil.example",
    "/api/v1/accounts/%00/adoption",
    "/api/v1/nothing",
    "/v1/nothing",
    "/v1/batch/batch",
    "/" + "a/" * 1000,
]
COOKIES = [
    "paceline=",
    "paceline=nonsense",
    "paceline=eyJhIjoxfQ.aaaaaa.bbbbbb",
    "paceline=.eJw",
    'paceline="\\342\\200\\256"',
    "paceline_locale=%00; paceline_theme=%FF",
    "paceline_locale=tlh; paceline_theme=neon",
    "=; ;;; a",
    "paceline=" + "a" * 6000,
    "paceline=\xff\xfe",
]
HEADERS = [
    ("If-None-Match", '"'),
    ("If-None-Match", "*, W/, \xff"),
    ("If-None-Match", "a" * 6000),
    ("If-Modified-Since", "yesterday"),
    ("If-Modified-Since", "Sat, 01 Jan 99999 00:00:00 GMT"),
    ("If-Range", "what"),
    ("Range", "bytes=9-1"),
    ("Range", "bytes=99999999999999999999-"),
    ("Range", "lines=1"),
    ("Accept", ";;q=x,*"),
    ("Accept-Language", "tlh;q=9, \xff, zh-Hant-XX-x-y;q=-1"),
    ("Accept-Encoding", "gzip;q=oo, *;q=0"),
    ("Authorization", "Basic"),
    ("Authorization", "Bearer \xff"),
    ("Authorization", "Digest a=b"),
    ("User-Agent", "\xff" * 2000),
    ("Referer", "javascript:alert(1)"),
    ("Content-Length", "-1"),
    ("Content-Length", "many"),
    ("X-Forwarded-For", "no address"),
    ("Upgrade", "websocket"),
]
BODIES = [
    ("text/plain", b"a=b"),
    ("application/json", b"{"),
    ("application/json", b"[" * 5000),
    ("application/x-www-form-urlencoded; charset=utf-7", b"%+AGE-"),
    ("application/x-www-form-urlencoded; charset=none", b"\xff\x00=\xff"),
    ("application/x-www-form-urlencoded", b"&".join([b"a=b"] * 20_000)),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    ("\xff/\xff", b"\xff"),
]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    return note_members(monkeypatch)


def test_what_an_endpoint_looks_at_is_noted(door: Door, read: set[str]) -> None:
    client = door.role("champion")
    client.get("/me?days=7&name=x")
    assert read <= READ_BY_ALL
    client.get("/adoption?window=7")
    assert "window" in read
    client.post("/me", data={"name": "Ingrid"})
    assert "name" in read


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_junk_for_every_endpoint(door: Door, read: set[str], method: str, part: int) -> None:
    wrong = []
    for number, target in enumerate(targets(door, make_objects(door.world), method)):
        if number % PARTS == part:
            wrong += faults_of(target, VALUES, read)
    assert not wrong, "\n".join(wrong)


# SQLite is asked to keep all of these, and more, by the test above.
@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_what_a_database_may_refuse(database: Database, read: set[str]) -> None:
    wrong = []
    with made_app(make_settings(), database) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        door = Door(app, build_world(database))
        for target in targets(door, make_objects(door.world)):
            wrong += faults_of(target, HARD_TO_STORE, read)
    assert not wrong, "\n".join(wrong)


def test_sqlite_is_spared_nothing_that_postgresql_is_asked() -> None:
    assert set(HARD_TO_STORE) <= set(VALUES)


def faults_of(target: Target, values: list[str], read: set[str]) -> list[str]:
    """Who has looked at no member of what was sent answers other values no otherwise."""
    found = []
    read.clear()
    for turn, value in enumerate(values):
        if turn == ENOUGH and not target.headers and read <= READ_BY_ALL:
            break
        junk = target.members(values, turn)
        response = target.send(query=junk, form=junk if target.method == "POST" else "")
        found += [
            f"{target.method} {target.rule} {value[:20]!r}: {one}" for one in faults(response)
        ]
    return found


def test_wrong_methods_and_heads(door: Door) -> None:
    """The wrong ones in turn, an endpoint one of them: the same rule of the map refuses them."""
    wrong = []
    for number, target in enumerate(targets(door, make_objects(door.world))):
        if target.method == "GET":
            response = target.client.head(target.path, headers=target.headers)
            wrong += [f"HEAD {target.rule}: {one}" for one in faults(response)]
            assert response.data == b"", target.rule
        unknown = sorted(METHODS - (target.rule.methods or set()))
        method = unknown[number % len(unknown)]
        response = target.client.open(target.path, method=method)
        wrong += [f"{method} {target.rule}: {one}" for one in faults(response)]
        if response.status_code != 405 or target.method not in response.headers["Allow"]:
            wrong.append(f"{method} {target.rule}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["visitor", "champion"])
def test_paths_that_lead_nowhere(door: Door, role: str) -> None:
    client = door.role(role)
    for path in PATHS:
        response = client.get(path)
        assert faults(response) == [], path
        assert response.status_code in {302, 308, 400, 401, 403, 404, 405}, path
        place = urljoin("http://localhost", response.headers.get("Location", "/"))
        assert urlsplit(place)[:2] == ("http", "localhost"), path


def test_a_fragment_is_answered_with_a_fragment(door: Door) -> None:
    client = door.sign_in(door.world.first_of("champion"))
    for path in ("/no-such-page", "/admin/users", "/reports/none"):
        response = client.get(path, headers=FRAGMENT)
        assert response.status_code >= 400, path
        assert faults(response, fragment=True) == [], path
    visitor = door.visitor().get("/me", headers=FRAGMENT)
    assert (visitor.status_code, faults(visitor, fragment=True)) == (401, [])


@pytest.mark.parametrize("cookie", COOKIES)
def test_broken_cookies_are_no_cookies(door: Door, cookie: str) -> None:
    for path, expected in (("/sign-in", 200), ("/me", 302), ("/api/v1/search", 401)):
        response = door.visitor().get(path, headers={"Cookie": cookie})
        assert (response.status_code, faults(response)) == (expected, [])


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_headers_that_mean_nothing(door: Door, name: str, value: str) -> None:
    client = door.sign_in(door.world.first_of("champion"))
    for path in ("/", "/adoption", "/static/img/mark.svg", "/api/v1/search", "/metrics"):
        response = client.get(path, headers={name: value})
        assert faults(response) == [], path
        assert response.status_code in {200, 206, 304, 401, 404, 416}, path


@pytest.mark.parametrize("given", ["", "x", "a" * 41, "a b c d e f", "<script>", "ab\xffcdefgh"])
def test_a_request_id_of_theirs_is_taken_only_where_it_is_plain(door: Door, given: str) -> None:
    response = door.visitor().get("/healthz", headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"] != given
    assert faults(response) == []
    plain = door.visitor().get("/healthz", headers={"X-Request-ID": "their-0123"})
    assert plain.headers["X-Request-ID"] == "their-0123"


@pytest.mark.parametrize("host", ["evil.example", "", "localhost:99999", "[::1", "a" * 300, "\xff"])
def test_unknown_hosts_are_refused_in_the_same_shape(door: Door, host: str) -> None:
    for path in ("/", "/sign-in", "/healthz", "/v1/batch", "/static/img/mark.svg"):
        response = door.visitor().get(path, headers={"Host": host})
        assert faults(response) == [], path
        assert response.status_code == 400, path


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_bodies_of_another_kind(door: Door, kind: str, body: bytes) -> None:
    client = door.sign_in(door.world.first_of("champion"))
    for path in ("/sign-in", "/me", "/people/invitations", "/v1/track", "/healthz"):
        response = client.post(path, data=body, content_type=kind)
        assert faults(response) == [], path
        assert response.status_code != 200 or path == "/me", path


def test_what_is_too_much_is_refused_unread(door: Door) -> None:
    client = door.sign_in(door.world.first_of("champion"))
    field = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n%s\r\n--x--\r\n'
    file = field.replace(b'"name"', b'"name"; filename="a.bin"')
    multipart = "multipart/form-data; boundary=x"
    many = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n" * 501 + b"--x--\r\n"
    sent = [
        (multipart, field % (b"a" * (LARGEST_REQUEST + 1))),
        (multipart, file % (b"a" * LARGEST_REQUEST)),
        (multipart, many),
        ("application/x-www-form-urlencoded", b"name=" + b"a" * (LARGEST_REQUEST + 1)),
    ]
    for kind, body in sent:
        response = client.post("/me", data=body, content_type=kind)
        assert (response.status_code, faults(response)) == (413, []), kind
    # The browser says how much will come; nobody waits for it.
    told = {"CONTENT_LENGTH": str(10**12)}
    response = client.post("/v1/batch", environ_overrides=told)
    assert (response.status_code, faults(response)) == (413, [])


@pytest.mark.parametrize("locale", ["tlh", "", "en_US;drop", "%00", "zh-Hans-CN-x", "a" * 500])
def test_an_unknown_language_is_the_next_best_one_for_a_page(door: Door, locale: str) -> None:
    response = door.visitor().get(f"/sign-in?locale={locale}")
    assert (response.status_code, faults(response)) == (200, [])
    assert 'lang="en"' in response.text or 'lang="zh-Hans"' in response.text


@pytest.mark.parametrize("words", ["a" * 4001, "a\n\n" * 41, "a" * 8001])
def test_words_that_could_not_be_published_are_refused_when_written(door: Door, words: str) -> None:
    make_objects(door.world)
    client = door.sign_in(door.world.first_of("csm"))
    response = client.post("/reports/report-osk/words", data={"en": words})
    assert (response.status_code, faults(response)) == (422, [])
    assert words[:50] in response.text
    client.post("/reports/report-osk/words", data={"en": "a" * 4000 + "\n\n" + "b" * 3998})
    assert client.post("/reports/report-osk/publication").status_code == 302
