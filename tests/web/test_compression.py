"""Which answers leave compressed, and what that changes of them."""

import gzip
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from portal.web.compression import LONGEST_NAME, compress
from tests.apps import Door

GZIP = {"Accept-Encoding": "gzip"}
LONG = "A sentence that is said often. " * 100


def answer(app: Flask, response: Response, accepts: str = "gzip") -> Response:
    with app.test_request_context(headers={"Accept-Encoding": accepts}) as context:
        compress(response, context.request)
    return response


def test_page_leaves_compressed_with_what_it_said(client: FlaskClient) -> None:
    response = client.get("/sign-in", headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert "<h1>Sign in</h1>" in gzip.decompress(response.data).decode()


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0"])
def test_page_leaves_plain_where_the_reader_cannot_unpack(
    client: FlaskClient, accepts: str
) -> None:
    response = client.get("/sign-in", headers={"Accept-Encoding": accepts})
    assert "Content-Encoding" not in response.headers
    assert "Accept-Encoding" in response.headers["Vary"]
    assert "<h1>Sign in</h1>" in response.text


@pytest.mark.parametrize(
    "kind", ["text/csv", "application/json", "application/problem+json", "image/svg+xml"]
)
def test_every_kind_of_text_is_compressed(app: Flask, kind: str) -> None:
    response = answer(app, Response(LONG, content_type=f"{kind}; charset=utf-8"))
    assert gzip.decompress(response.get_data()).decode() == LONG
    assert len(response.get_data()) < len(LONG) / 5


def test_short_encoded_and_other_answers_are_left_alone(app: Flask) -> None:
    encoded = Response(LONG, headers={"Content-Encoding": "br"})
    for response in (
        Response("short"),
        Response(LONG, content_type="application/pdf"),
        encoded,
    ):
        before = response.get_data()
        assert answer(app, response).get_data() == before
    assert encoded.headers["Content-Encoding"] == "br"


def test_stream_goes_on_as_a_stream(app: Flask) -> None:
    def lines() -> Iterator[str]:
        yield LONG

    response = answer(app, Response(lines(), content_type="text/csv"))
    assert "Content-Encoding" not in response.headers
    assert response.is_streamed


def test_strong_tag_becomes_weak_as_the_bytes_differ(app: Flask) -> None:
    response = Response(LONG, content_type="text/html")
    response.set_etag("one")
    assert answer(app, response).get_etag() == ("one", True)


def test_the_same_page_has_no_one_length(app: Flask) -> None:
    """What is reflected beside a secret cannot be measured by a byte or two."""
    answers = [answer(app, Response(LONG, content_type="text/html")) for _ in range(40)]
    lengths = {len(response.get_data()) for response in answers}
    assert 5 < len(lengths) <= LONGEST_NAME + 1


def test_page_asked_for_again_is_not_sent_again(door: Door) -> None:
    ingrid = door.role("champion")
    tag = ingrid.get("/adoption", headers=GZIP).headers["ETag"]
    again = ingrid.get("/adoption", headers={"If-None-Match": tag, **GZIP})
    assert again.status_code == 304
