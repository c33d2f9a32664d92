from portal.db import Database
from tests.services.imports.files import bring, problems


def test_wrong_outcomes_are_named(sqlite_database: Database) -> None:
    bring(sqlite_database, "account")
    data = b"""account,day,outcome,amount,currency
acme,2026-01-31,won,,
umbrella,2026-01-31,left,,
acme,2099-01-31,left,,
acme,2026-01-30,shrank,12,
acme,,left,,
acme,2026-01-29,left,,
acme,2026-01-29,shrank,,
"""
    found = problems(sqlite_database, "outcome", data)
    assert [one.split(":")[0] for one in found] == [
        "row 2, outcome",
        "row 3, account",
        "row 4, day",
        "row 5, currency",
        "row 6, day",
        "row 8, day",
    ]
