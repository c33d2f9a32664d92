"""The door of the issue trackers."""

import pytest

from portal.web.state import State
from tests.apps import Door, make_settings, put_over

SECRET = "a-long-way-round-the-sea"
EVENT = {"issue": {"html_url": "https://github.com/f/f/issues/12", "state": "closed"}}


def test_shut_while_no_secret_is_set(door: Door) -> None:
    for secret in ("x", SECRET):
        answer = door.visitor().post(f"/hooks/tracker/{secret}", json=EVENT)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"issue": {"html_url": "https://github.com/f/f/issues/12", "state": "closed"}}', 200),
        ("{", 422),
        ("[]", 422),
        ('{"issue": {"html_url": "12", "state": "closed"}}', 422),
    ],
)
def test_what_is_sent_is_taken_or_refused_as_a_problem(door: Door, body: str, status: int) -> None:
    settings = make_settings(tracker_secret=SECRET)
    with put_over(door.app, State(settings, door.world.database)) as app:
        client = app.test_client()
        answer = client.post(f"/hooks/tracker/{SECRET}", data=body)
        assert answer.status_code == status
        wrong = client.post("/hooks/tracker/é", data=body)
        assert wrong.status_code == 404
    if status != 200:
        assert answer.content_type == "application/problem+json"
