from portal.demo.cast import COMPANIES
from portal.demo.searches import ASKED, WORDS, load_searches
from portal.services.search_gaps import GapFilter, list_gaps
from portal.services.search_words import list_words
from portal.tenancy import system_scope
from tests.world import NOW, World


def test_the_demo_shows_what_is_missing(world: World) -> None:
    load_searches(world.database, NOW)
    with world.database.session(system_scope(NOW, "test")) as session:
        lines = {line.question: line.counts.asked for line in list_gaps(session, GapFilter()).lines}
        assert len(list_words(session)) == len(WORDS)
    assert lines == {"sign with BankID": 4, "dark mode": 3, "price list": 5}


def test_the_companies_are_the_cast_s() -> None:
    assert {company for company, *_ in ASKED if company} <= {one.key for one in COMPANIES}
