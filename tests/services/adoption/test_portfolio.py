"""The accounts at a glance."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from portal.db import Database
from portal.services.portfolio import list_portfolio
from portal.tenancy import system_scope
from tests.usage.brute_force import Truth
from tests.usage.sample import ZONES, Sample

DAY = date(2026, 4, 5)


def test_the_portfolio_in_a_few_statements(filled: Database, sample: Sample) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    now = datetime(2026, 4, 6, 12, tzinfo=UTC)
    event.listen(filled.engine, "before_cursor_execute", note)
    with filled.session(system_scope(now, "test")) as session:
        rows = list_portfolio(session)
    assert len([one for one in statements if "usage_" in one or "person" in one]) == 4
    assert [row.key for row in rows] == sorted(ZONES)
    for row in rows:
        truth = Truth(sample, row.key, ZONES[row.key])
        assert row.mau == len(truth.users(row.as_of, 30))
        assert len(row.spark) == 12
        assert row.spark[-1] == len(truth.users(row.as_of, 7))
        listed = truth.provisioned(row.as_of)
        expected = len(truth.users(row.as_of, 30) & listed) / len(listed)
        assert row.login_ratio_30d == pytest.approx(expected)
