"""GET /api/v1/accounts/{key}/adoption: the same figures as the page and the command."""

import json

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from portal.cli import cli
from portal.services.api_keys import create_key
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.usage import days_back, morning, work
from tests.world import INGRID, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/api/v1/accounts/{OSKELUND.key}/adoption"


def bearer(door: Door, account: str | None = None) -> dict[str, str]:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        made = create_key(session, "test", "api", account)
    return {"Authorization": f"Bearer {made.secret}"}


@pytest.fixture
def client(door: Door) -> FlaskClient:
    work(door.world.database, OSKELUND, range(1, 5), days_back(*range(60)))
    return door.visitor()


def test_the_object_is_the_promised_one(door: Door, client: FlaskClient) -> None:
    body = client.get(f"{ADDRESS}?as_of=2026-11-20&window=7", headers=bearer(door)).get_json()
    assert list(body) == sorted(body)
    assert set(body) == {
        *("account", "as_of", "window_days", "time_zone", "seats", "provisioned", "activated"),
        *("activation_rate", "login_ratio_7d", "login_ratio_30d", "dau", "wau", "mau"),
        *("stickiness", "time_online_seconds", "breadth", "depth", "integration_calls"),
        *("data", "series"),
    }
    assert (body["dau"], body["provisioned"], body["breadth"]["used"]) == (4, 6, 1)
    assert [day["day"] for day in body["series"]][-1] == "2026-11-20"
    assert len(body["series"]) == 7


def test_the_command_answers_alike(
    door: Door, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{ADDRESS}?as_of=2026-11-20&window=30"
    answered = client.get(url, headers=bearer(door)).get_json()
    monkeypatch.setenv("PACELINE_DATABASE_URL", door.world.database.url)
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATA_DIR", str(door.app.instance_path))
    command = ["adoption", "show", OSKELUND.key, "--as-of", "2026-11-20", "--json"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == answered


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("as_of=tomorrow", "as_of"),
        ("as_of=9999-99-99", "as_of"),
        ("as_of=9999-12-31", "as_of"),
        ("window=0", "window"),
        ("window=-3", "window"),
        ("window=1e9", "window"),
        ("window=99999999999999999999", "window"),
    ],
)
def test_what_is_wrong_is_named(door: Door, client: FlaskClient, query: str, member: str) -> None:
    answer = client.get(f"{ADDRESS}?{query}", headers=bearer(door))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert [one["member"] for one in answer.get_json()["errors"]] == [member]


def test_a_key_of_one_account_knows_no_other(door: Door, client: FlaskClient) -> None:
    own = bearer(door, QUILLON.key)
    assert client.get(f"/api/v1/accounts/{QUILLON.key}/adoption", headers=own).status_code == 200
    foreign = client.get(ADDRESS, headers=own)
    missing = client.get("/api/v1/accounts/no-such/adoption", headers=own)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.get_json()["type"] == missing.get_json()["type"]


def test_only_a_key_opens_this_door(door: Door, client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 401
    assert client.get(ADDRESS, headers={"Authorization": "Bearer pla_no"}).status_code == 401
    assert door.sign_in(INGRID).get(ADDRESS).status_code == 401
    assert client.post(ADDRESS, headers=bearer(door)).status_code == 405


def test_the_description_names_every_address(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/accounts/{key}/adoption", "/api/v1/search"} <= set(described["paths"])
    parameters = described["paths"]["/api/v1/accounts/{key}/adoption"]["get"]["parameters"]
    assert {one["name"] for one in parameters} == {"key", "as_of", "window"}
