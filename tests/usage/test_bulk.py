"""Many rows at once, on both engines: what was saved is what is read."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import BigInteger, Integer, insert, select
from sqlalchemy.exc import IntegrityError

from portal.db import Database
from portal.models import Account, UsageDay, UsageName, UsagePerson
from portal.tenancy import system_scope
from portal.usage.arrays import packed
from portal.usage.bulk import add_rows, listed, read_rows_of, save_rows
from portal.usage.distinct import distinct

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAYS: dict[str, Any] = {
    "day": [date(1999, 12, 31), date(2000, 1, 1), date(2026, 2, 28)],
    "events": [0, 1, 2**31 - 1],
    "calls": [0, -1, 7],
    "duration_ms": [0, -(2**40), 2**62],
    "online_minutes": [0, 5, 6],
    "users": [b"", b"\x00\x01", bytes(range(256)) * 400],
    "slots": [b"x", b"", b"\xff"],
    "integrations": [{}, {"Löwe": 3, '"': 1}, {"a": 2}],
}
PERSONS: dict[str, Any] = {
    "number": [0, 1, 2],
    "external_id": ["", "王小明", "a'b{c},\\ NULL"],
    "first_at": [NOW, datetime(1999, 1, 1, tzinfo=UTC), NOW.replace(microsecond=1)],
    "last_day": [date(2026, 6, 1), date(1970, 1, 1), date(2099, 12, 31)],
}


@pytest.fixture
def account(database: Database) -> int:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        values = {"key": "a", "name": "A", "created_at": NOW}
        session.execute(insert(Account).values(values))
        session.commit()
        return session.scalars(select(Account.id)).one()


@pytest.mark.parametrize(("model", "columns"), [(UsageDay, DAYS), (UsagePerson, PERSONS)])
def test_rows_are_read_as_they_were_saved(
    database: Database, account: int, model: Any, columns: dict[str, Any]
) -> None:
    table, first, last = model.__table__, next(iter(columns)), list(columns)[-1]
    for values in (columns, {**columns, last: columns[last][::-1]}):
        with database.session(system_scope(NOW, "test"), writes=True) as session:
            save_rows(session, table, {"account_id": [account] * 3, **values})
            session.commit()
        keys = [(account, one) for one in columns[first]]
        with database.session(system_scope(NOW, "test")) as session:
            key = ("account_id", first)
            assert not list(read_rows_of(session, table, key, tuple(columns), []))
            rows = read_rows_of(session, table, key, tuple(columns), keys[1:])
            found = sorted(tuple(row) for row in rows)
        assert found == sorted(zip(*values.values(), strict=True))[1:]


def test_new_rows_replace_none(database: Database, account: int) -> None:
    columns = {"account_id": [account] * 3, **PERSONS}
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        add_rows(session, UsagePerson.__table__, columns)
        session.commit()
        found = session.execute(select(UsagePerson.number, UsagePerson.external_id)).all()
        known = zip(PERSONS["number"], PERSONS["external_id"], strict=True)
        assert sorted(map(tuple, found)) == sorted(known)
        with pytest.raises(IntegrityError):
            add_rows(session, UsagePerson.__table__, columns)


@pytest.mark.parametrize("numbers", [[], [2], [0, 2, 2**40]])
def test_numbers_are_listed(database: Database, account: int, numbers: list[int]) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        add_rows(session, UsagePerson.__table__, {"account_id": [account] * 3, **PERSONS})
        wanted = select(UsagePerson.number).where(UsagePerson.number.in_(listed(session, numbers)))
        assert sorted(session.scalars(wanted)) == [one for one in numbers if one < 3]


def test_missing_values_are_saved_too(database: Database) -> None:
    names = ["one", "two"]
    columns: dict[str, Any] = {
        "id": [1, 2],
        "name": names,
        "account_id": [None, 5],
        "events": [1, 2],
    }
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        moments = {"first_at": [NOW, NOW], "last_at": [NOW, NOW]}
        save_rows(session, UsageName.__table__, {**columns, **moments})
        rows = read_rows_of(
            session, UsageName.__table__, ("name",), ("name", "account_id"), sorted(names)
        )
        assert {tuple(row) for row in rows} == {("one", None), ("two", 5)}


@pytest.mark.parametrize(("kind", "large"), [(Integer(), 2**31), (Integer(), -(2**31) - 1)])
def test_no_number_is_cut_off(kind: Any, large: int) -> None:
    with pytest.raises(OverflowError):
        packed(kind, [1, large])
    assert packed(BigInteger(), [1, large])


def test_distinct_numbers_ascend() -> None:
    values = np.array([5, 1, 5, -3, 1, 2**40], np.int64)
    assert distinct(values).tolist() == [-3, 1, 5, 2**40]
    assert distinct(values[:0]).tolist() == []
