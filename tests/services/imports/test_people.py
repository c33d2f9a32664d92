from portal.db import Database
from tests.services.imports.files import bring, problems


def test_persons_need_their_account_and_days(sqlite_database: Database) -> None:
    bring(sqlite_database, "account")
    data = b"""account,external_id,active_from,active_until,email
umbrella,1,2026-01-01,,
acme,,2026-01-01,,
acme,2,,,
acme,3,2026-02-01,2026-01-01,
acme,4,2026-02-01,,nobody
acme,5,20260201,,
"""
    found = problems(sqlite_database, "person", data)
    assert [one.split(":")[0] for one in found] == [
        "row 2, account",
        "row 3, external_id",
        "row 4, active_from",
        "row 5, active_until",
        "row 6, email",
        "row 7, active_from",
    ]
