from datetime import date
from typing import Any

import pytest

from portal.db import Database
from portal.services.adoption import show_adoption
from portal.tenancy import system_scope
from portal.usage.comparison import compare_with_log
from tests.usage.sample import NOW


def assert_exact(
    database: Database, truth: dict[tuple[str, date], dict[str, Any]], window: int = 30
) -> None:
    """Every figure agrees with brute force, and the rollups agree with the log."""
    with database.session(system_scope(NOW, "test")) as session:
        for (account, day), expected in truth.items():
            shown = show_adoption(session, account, day, window).as_json()
            found = {name: shown[name] for name in expected}
            assert found == _close(expected), (account, day)
    compared = compare_with_log(database, NOW)
    assert not compared.differences, compared.differences
    assert compared.checked > 100


def _close(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        name: pytest.approx(value, abs=1e-9) if isinstance(value, float | dict) else value
        for name, value in expected.items()
    }
