"""What no client library sends, to the running portal: it answers or hangs up, and goes on."""

import http.client
import json

import pytest

from portal.db import Database
from portal.web.requests import HEADERS
from tests.processes.intake import counted, fold, write_key
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND

HOST = b"Host: 127.0.0.1\r\n"
RAW = [
    b"GET /%zz%00%ff HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /static/../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /?" + b"a=b&" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X-Request-ID: \xff\xfe\r\nCookie: paceline=\xff\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 2000 + b"\r\n",
    b"FROB / HTTP/1.1\r\n" + HOST + b"\r\n",
    b"POST /v1/batch HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\n",
    b"POST /v1/batch HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"POST /v1/batch HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
    b"\x16\x03\x01\x02\x00 hello over TLS\r\n\r\n",
    b"\r\n\r\n\r\n\r\n",
]


@pytest.mark.processes
def test_the_portal_outlives_what_no_client_sends(
    portal: PortalProcess, database: Database
) -> None:
    for raw in RAW:
        try:
            status, said = portal.say(raw)
        except (http.client.HTTPException, OSError):
            continue  # the server hung up or waits for more, which is an answer too
        assert status < 500, raw[:60]
        assert b"Traceback" not in said
    large = portal.post("/v1/batch", b"x" * 2_000_000)
    assert (large[0], json.loads(large[1])["status"]) == (413, 413)
    message = {"userId": "osk-0001", "event": "E", "context": {"groupId": OSKELUND.key}}
    body = json.dumps(
        {**message, "timestamp": "2026-05-10T12:00:00Z", "writeKey": write_key(database)}
    )
    assert portal.post("/v1/track", body.encode()) == (200, b'{"success":true}\n')
    assert portal.get("/sign-in")[0] == 200
    fold(database)
    assert counted(database) == {"2026-05-10": 1}


@pytest.mark.processes
def test_the_headers_of_safety_leave_the_real_server(portal: PortalProcess) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)
    for path in ("/sign-in", "/no-such-page", "/healthz", "/static/img/mark.svg"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert all(response.headers[name] == value for name, value in HEADERS.items()), path
        assert response.headers["X-Request-ID"]
    connection.close()
