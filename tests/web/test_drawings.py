"""What the charts of an account's adoption say in their titles."""

import pytest

from portal.services.adoption import Integrations
from portal.web.adoption.drawings import calls_chart
from tests.apps import Door


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([("ERP", 204)], "204 calls by integrations, all of them by ERP."),
        ([("ERP", 200), ("payroll", 4)], "204 calls by integrations, most of them by ERP."),
        ([("ERP", 80), ("payroll", 70), ("mail", 54)], "204 calls by integrations."),
        ([("", 204)], "204 calls by integrations."),
    ],
)
def test_the_calls_are_said_to_be_one_integrations_as_far_as_they_are(
    door: Door, names: list[tuple[str, int]], said: str
) -> None:
    with door.app.test_request_context("/"):
        assert calls_chart(Integrations(days=[], calls=204, names=names)).title == said
