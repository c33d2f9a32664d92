from decimal import Decimal

from sqlalchemy import select

from portal.db import Database
from portal.models import (
    AccountQuota,
    EditionQuota,
)
from portal.services.catalogue.editions import create_edition
from portal.tenancy import system_scope
from tests.services.imports.files import bring, bring_all, problems
from tests.usage.sample import NOW


def test_quotas_are_of_an_edition_or_an_account(database: Database) -> None:
    bring_all(database)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        create_edition(session, "team", "Team", "", [])
    head = b"edition,account,measure,amount\n"
    report = bring(
        database, "quota", head + b"team,,integration_calls,5\n,acme,integration_calls,\n"
    )
    assert (report.added, report.changed) == (1, 1)
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(EditionQuota.amount)).all() == [Decimal(5)]
        assert session.scalars(select(AccountQuota.measure)).all() == ["volume:orders"]
    wrong = (
        b"team,acme,integration_calls,5\n,,integration_calls,5\ngold,,integration_calls,5\n"
        b",nobody,seats,0\n,acme,volume:Orders,1\n,acme,integration_calls,1\n"
        b",acme,integration_calls,1\n"
    )
    assert problems(database, "quota", head + wrong) == [
        "row 2, account: give an edition or an account, and not both",
        "row 3, account: give an edition or an account, and not both",
        "row 4, edition: there is no edition 'gold'",
        "row 5, account: there is no account 'nobody'",
        "row 5, amount: A number above 0, at most 999999999999.999999, is needed.",
        "row 5, measure: integration_calls, or volume: and the key of a series.",
        "row 6, measure: integration_calls, or volume: and the key of a series.",
        "row 8, measure: stands twice for the same account",
    ]
