from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.models import (
    Account,
    AuditEntry,
    Entitlement,
    Feature,
    Person,
)
from portal.services.imports import (
    ImportRefused,
)
from portal.tenancy import system_scope
from tests.services.imports.files import ACCOUNTS, IMPORTS, bring, bring_all, problems
from tests.usage.sample import NOW


def test_everything_arrives(database: Database) -> None:
    bring_all(database)
    with database.session(system_scope(NOW, "test")) as session:
        acme, globex = session.scalars(select(Account).order_by(Account.key))
        assert (acme.name, acme.seats, acme.arr) == ("Acme GmbH", 40, Decimal("12000.50"))
        assert (acme.contract_end, acme.go_live) == (date(2026, 12, 31), None)
        assert (globex.name, globex.tier, globex.seats) == ("璃利", "standard", None)
        people = session.scalars(select(Person).order_by(Person.account_id, Person.external_id))
        assert [(one.name, one.active_until) for one in people] == [
            ("Ada", None),
            ("", date(2026, 3, 1)),
            ("Bo", None),
        ]
        orders = session.scalars(select(Feature).where(Feature.key == "orders")).one()
        assert (orders.core, orders.kind, orders.name_zh) == (True, "process", "订单")
        assert orders.depth_target_per_week == Decimal("2.5")
        assert len(session.scalars(select(Entitlement)).all()) == 3
        actions = set(session.scalars(select(AuditEntry.action)))
    assert actions == {f"{noun}.imported" for noun in IMPORTS}


def test_the_same_again_changes_nothing(database: Database) -> None:
    bring_all(database)
    for noun, (_, data) in IMPORTS.items():
        report = bring(database, noun, data)
        assert (report.added, report.changed) == (0, 0)
        assert report.unchanged == report.rows > 0


def test_rows_are_changed_by_their_key(database: Database) -> None:
    bring_all(database)
    data = b"key,name,time_zone,seats\nacme,Acme AG,Europe/Zurich,\nnew,New,UTC,3\n"
    report = bring(database, "account", data)
    assert (report.added, report.changed, report.unchanged) == (1, 1, 0)
    with database.session(system_scope(NOW, "test")) as session:
        acme = session.scalars(select(Account).where(Account.key == "acme")).one()
        assert (acme.name, acme.time_zone, acme.seats) == ("Acme AG", "Europe/Zurich", None)
        assert acme.tier == "strategic"


def test_a_dry_run_tells_and_does_nothing(database: Database) -> None:
    report = bring(database, "account", dry_run=True)
    assert (report.added, report.dry_run) == (2, True)
    assert bring(database, "account").added == 2
    changed = ACCOUNTS.replace(b"Acme GmbH", b"Acme AG")
    assert bring(database, "account", changed, dry_run=True).changed == 1
    assert bring(database, "account").unchanged == 2


def test_a_byte_order_mark_and_windows_lines(database: Database) -> None:
    data = b"\xef\xbb\xbf" + ACCOUNTS.replace(b"\n", b"\r\n")
    assert bring(database, "account", data).added == 2
    assert bring(database, "account").unchanged == 2


def test_every_wrong_cell_is_named_and_nothing_is_imported(database: Database) -> None:
    data = b"""key,name,time_zone,tier,seats,currency,arr,contract_start,contract_end
good,Good,UTC,,,,,,
no key,X,UTC,,,,,,
b,,UTC,,,,,,
c,C,Mars/Olympus,,,,,,
d,D,UTC,gold,,,,,
e,E,UTC,,-5,,,,
f,F,UTC,,,eur,12,,
g,G,UTC,,,EUR,twelve,,
h,H,UTC,,,,12,,
i,I,UTC,,,,,2026-13-01,
j,J,UTC,,,,,2026-02-01,2026-01-01
good,Again,UTC,,,,,,
k,K,UTC
"""
    found = problems(database, "account", data)
    assert [one.split(":")[0] for one in found] == [
        "row 3, key",
        "row 4, name",
        "row 5, time_zone",
        "row 6, tier",
        "row 7, seats",
        "row 8, currency",
        "row 9, arr",
        "row 10, currency",
        "row 11, contract_start",
        "row 12, contract_end",
        "row 13, key",
        "row 14",
    ]
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(Account)).all() == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"key;name;time_zone\nacme;Acme;UTC\n", "row 1: cells must be separated by commas"),
        (b"key,name\n", "row 1, time_zone: this column is missing"),
        (b"key,name,time_zone,colour\n", "row 1, colour: unknown column"),
        (b"key,name,time_zone,name\n", "row 1, name: this column stands there twice"),
        (b"key,name,time_zone\na,\xe4,UTC\n", "row 2: this is not UTF-8"),
        ("key,name,time_zone\n".encode("utf-16"), "the file is UTF-16, not UTF-8"),
        (b'key,name,time_zone\na,"open,UTC\n', "row 2: not valid CSV"),
        (b"key,name,time_zone\na,A\x00,UTC\n", "row 2, name: holds a zero character"),
        (b"key,name,time_zone\na," + b"x" * 140_000 + b",UTC\n", "row 2: not valid CSV"),
    ],
)
def test_files_that_are_no_table(sqlite_database: Database, data: bytes, problem: str) -> None:
    (found,) = problems(sqlite_database, "account", data)
    assert found.startswith(problem)


def test_many_errors_are_cut_short(sqlite_database: Database) -> None:
    rows = "".join(f"{n},X,Nowhere\n" for n in range(250))
    with pytest.raises(ImportRefused) as refused:
        bring(sqlite_database, "account", f"key,name,time_zone\n{rows}".encode())
    assert (len(refused.value.errors), refused.value.more) == (100, 150)
    assert "more" in refused.value.message
