"""The joined sheet and script over HTTP, and how files under static/ leave."""

import gzip

import pytest
from flask.testing import FlaskClient

from portal.web.assets import BEHAVIOURS, JOINED, content, static_url

GZIP = {"Accept-Encoding": "gzip"}
TEXTS = [JOINED, BEHAVIOURS, "vendor/htmx/htmx.min.js", "img/icons.svg"]


@pytest.mark.parametrize("path", TEXTS)
def test_text_leaves_compressed_and_is_kept_forever(client: FlaskClient, path: str) -> None:
    response = client.get(static_url(path), headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert gzip.decompress(response.data) == content(path)


@pytest.mark.parametrize("path", TEXTS)
def test_text_leaves_plain_where_the_reader_cannot_unpack(client: FlaskClient, path: str) -> None:
    with client.get(static_url(path)) as response:
        assert "Content-Encoding" not in response.headers
        assert response.data == content(path)


@pytest.mark.parametrize("path", [JOINED, BEHAVIOURS])
def test_unchanged_joined_file_is_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = client.get(static_url(path)).headers["ETag"]
    again = client.get(static_url(path), headers={"If-None-Match": tag, **GZIP})
    assert again.status_code == 304
    assert again.data == b""


def test_address_without_a_hash_is_kept_for_minutes(client: FlaskClient) -> None:
    with client.get("/static/img/mark.svg") as response:
        assert response.headers["Cache-Control"] == "public, max-age=300"


def test_nothing_outside_static_is_sent(client: FlaskClient) -> None:
    assert client.get("/static/../pyproject.toml", headers=GZIP).status_code == 404
    assert client.get("/static/%2e%2e/pyproject.toml", headers=GZIP).status_code == 404
