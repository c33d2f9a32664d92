"""What the platform asks, and what it must not be told."""

import pytest
from sqlalchemy import text

from portal.db import Database
from portal.revisions import newest
from tests.apps import Door, made_app, make_settings
from tests.databases import closing


def test_alive(door: Door) -> None:
    assert door.visitor().get("/healthz").get_json() == {"status": "ok"}


def test_ready_says_each_check(door: Door) -> None:
    answer = door.visitor().get("/readyz")
    assert answer.status_code == 200, answer.text
    checks = answer.get_json()["checks"]
    assert {name: check["ok"] for name, check in checks.items()} == {
        "database": True,
        "migrations": True,
        "disk": True,
        "queue": True,
    }
    assert checks["migrations"]["detail"] == newest()


def test_an_old_database_is_not_ready(door: Door) -> None:
    with door.world.database.system() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = door.visitor().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["migrations"]["ok"] is False


def test_a_database_out_of_reach_is_not_ready(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("gone")
    database = Database(f"sqlite:///{folder}/no/such/folder/paceline.db")
    with closing(database), made_app(make_settings(data_dir=folder), database) as app:
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["database"]["ok"] is False


def test_metrics_are_for_this_machine_alone(door: Door) -> None:
    client = door.visitor()
    assert "paceline_jobs_waiting" in client.get("/metrics").text
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", environ_base=elsewhere).status_code == 404
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    assert client.get("/metrics", headers=forwarded).status_code == 404


def test_metrics_open_to_the_bearer_of_the_token(
    door: Door, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = make_settings(data_dir=tmp_path_factory.mktemp("d"), metrics_token="let me measure")
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    with made_app(settings, door.world.database) as app:
        for token, status in (("let me measure", 200), ("let me", 404), ("", 404)):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = app.test_client().get("/metrics", environ_base=elsewhere, headers=headers)
            assert answer.status_code == status
