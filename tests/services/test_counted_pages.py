"""One statement says how many there are and which come first."""

from sqlalchemy import select

from portal.db import Database
from portal.models import Account
from portal.services.counted_pages import counted_pages
from portal.services.search_names import holding, patterns, ways
from portal.tenancy import system_scope
from tests.world import NOW, build_world

WORDS = ("o",)
PAGES = counted_pages(
    select(Account.key, Account.name).where(*holding((Account.name,), ways(WORDS))),
    lambda row: (row.key,),
)


def test_every_page_says_how_many(database: Database) -> None:
    build_world(database)
    with database.session(system_scope(NOW, "test")) as session:
        expected = sorted(
            one.key for one in session.scalars(select(Account)) if "o" in one.name.lower()
        )
        assert len(expected) > 1
        for limit, passed in ((10, 0), (1, 0), (1, 1), (5, 50), (0, 0)):
            total, rows = PAGES.read(session, patterns(WORDS), limit, passed)
            assert total == len(expected)
            assert [row.key for row in rows] == expected[passed : passed + limit]


def test_what_a_pattern_means_is_only_a_letter(database: Database) -> None:
    build_world(database)
    with database.session(system_scope(NOW, "test")) as session:
        session.add(Account(key="hundred", name="50%_/x", created_at=NOW))
        session.flush()
        for asked, found in (("%", ["hundred"]), ("_", ["hundred"]), ("/", ["hundred"])):
            _total, rows = PAGES.read(session, patterns((asked,)), 10)
            assert [row.key for row in rows] == found
        assert PAGES.read(session, patterns(("~",)), 10) == (0, [])
