"""Pages of the vendor's product stand elsewhere, and still send here."""

import pytest

from tests.apps import Door

ELSEWHERE = {"Origin": "https://product.example"}
PATHS = ["/v1/batch", "/v1/t", "/v1/track/", "/batch/", "/e/", "/i/v0/e/", "/flags/"]


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_may_ask_beforehand(door: Door, path: str) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-retry-count",
    }
    response = door.visitor().options(path, headers={**ELSEWHERE, **asked})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    allowed = response.headers["Access-Control-Allow-Headers"]
    assert allowed == asked["Access-Control-Request-Headers"]
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_may_read_the_answer_also_a_refusal(door: Door, path: str) -> None:
    response = door.visitor().post(path, data=b"no JSON", headers=ELSEWHERE)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/openapi.json", "/healthz"])
def test_nothing_else_is_open(door: Door, path: str) -> None:
    response = door.visitor().get(path, headers=ELSEWHERE)
    assert "Access-Control-Allow-Origin" not in response.headers


def test_segment_s_client_is_told_to_send_here(door: Door) -> None:
    response = door.visitor().get("/v1/projects/any-key/settings", headers=ELSEWHERE)
    ours = response.get_json()["integrations"]
    address = door.app.extensions["paceline"].settings.public_url
    assert list(ours) == ["Segment.io"]
    assert "{protocol}://{apiHost}".format(**ours["Segment.io"]) == f"{address}/v1"
    assert ours["Segment.io"]["apiKey"] == "any-key"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
