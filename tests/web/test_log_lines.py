import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs


@pytest.mark.parametrize("folder", ["invitations", "password-reset"])
def test_the_secret_of_a_link_does_not_stand_in_the_log(client: FlaskClient, folder: str) -> None:
    with capture_logs() as lines:
        client.get(f"/{folder}/open-sesame-1234567890")
    assert f"/{folder}/[hidden]" in [line.get("path") for line in lines]
    assert "open-sesame" not in str(lines)


def test_other_paths_stand_there_whole(client: FlaskClient) -> None:
    with capture_logs() as lines:
        client.get("/healthz")
    assert [line["path"] for line in lines if line["event"] == "answered"] == ["/healthz"]
