from sqlalchemy import select

from portal.db import Database
from portal.models import (
    Account,
    CatalogueState,
    Edition,
    Job,
)
from portal.services.catalogue.editions import create_edition
from portal.services.requests.levels import REWIND
from portal.tenancy import system_scope
from tests.services.imports.files import bring, problems
from tests.usage.sample import NOW


def edition_of(database: Database, key: str) -> str | None:
    with database.session(system_scope(NOW, "test")) as session:
        wanted = select(Edition.key).join(Account, Account.edition_id == Edition.id)
        return session.scalar(wanted.where(Account.key == key))


def catalogue_version(database: Database) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(CatalogueState.version)) or 0


def test_accounts_come_with_their_edition(database: Database) -> None:
    """A file without the column leaves it, an empty cell takes it away."""
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        create_edition(session, "team", "Team", "", [])
        create_edition(session, "firm", "Firm", "", [])
    head, row = b"key,name,time_zone", b"acme,Acme,UTC"
    assert bring(database, "account", head + b",edition\n" + row + b",team\n").added == 1
    assert edition_of(database, "acme") == "team"
    for cell, changes in ((b"team", 0), (b"firm", 1), (b"", 1)):
        version = catalogue_version(database)
        report = bring(database, "account", head + b",edition\n" + row + b"," + cell + b"\n")
        assert report.changed == changes
        assert edition_of(database, "acme") == (cell.decode() or None)
        assert catalogue_version(database) == version + changes
        assert bring(database, "account", head + b"\n" + row + b"\n").changed == 0
    wrong = head + b",edition\n" + row + b",gold\n"
    assert problems(database, "account", wrong) == ["row 2, edition: there is no edition 'gold'"]


def test_accounts_keep_the_holidays_of_their_country(database: Database) -> None:
    head, row = b"key,name,time_zone,holidays\n", b"acme,Acme,UTC,"
    bring(database, "account", head + row + b"de-by\n")
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(Account.holidays)) == "DE-BY"
    (said,) = problems(database, "account", head + row + b"DE-XX\n")
    assert said.startswith("row 2, holidays: 'DE-XX' has no calendar")


def test_a_new_tier_has_other_service_levels(database: Database) -> None:
    """An account that was there all along: what is due of its requests is worked out anew."""
    head, row = b"key,name,time_zone,tier\n", b"acme,Acme,UTC,"
    bring(database, "account", head + row + b"small\n")
    bring(database, "account", head + row + b"small\n")
    assert rewound(database) == []
    bring(database, "account", head + row + b"strategic\n")
    assert rewound(database) == [{"tier": "strategic"}]


def rewound(database: Database) -> list[dict[str, str]]:
    with database.session(system_scope(NOW, "test")) as session:
        return list(session.scalars(select(Job.payload).where(Job.name == REWIND)))
