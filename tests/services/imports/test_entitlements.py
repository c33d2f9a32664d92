from portal.db import Database
from tests.services.imports.files import bring, problems


def test_entitlements_need_account_and_feature(sqlite_database: Database) -> None:
    bring(sqlite_database, "account")
    bring(sqlite_database, "feature")
    found = problems(sqlite_database, "entitlement", b"account,feature\nacme,x\ny,orders\n")
    assert found == [
        "row 2, feature: there is no feature 'x'",
        "row 3, account: there is no account 'y'",
    ]
