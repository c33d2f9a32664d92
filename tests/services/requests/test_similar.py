"""What is found as similar: by rare words, in English and Chinese, and never another's."""

from collections import Counter

import pytest
from sqlalchemy import event, select

from portal.db import Database
from portal.domain.requests import Kind, State, Visibility
from portal.models import RequestWord
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import join_family
from portal.services.requests.moving import move_request
from portal.services.requests.sharing import (
    SharedText,
    Target,
    create_shared,
    edit_shared,
    publish_shared,
)
from portal.services.requests.similar import find_similar, weigh
from portal.services.requests.voices import vote
from portal.services.requests.words import words_of
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, SCENE, Town
from tests.world import ELIF, INGRID, PIA, build_world


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def titles(town: Town, email: str, text: str) -> list[str]:
    return [one.title for one in town.call(email, find_similar, text)]


def test_words_are_the_searchs_own() -> None:
    assert words_of("Exporting the exports, 导出的报表") == {
        "export": 2,
        "导出": 1,
        "报表": 1,
    }
    assert words_of("The of and 的了") == {}


def test_the_most_alike_come_first(town: Town) -> None:
    town.hand_in(PIA, title="Export invoices by region", told=SCENE)
    town.hand_in(PIA, title="Export", told=SCENE)
    town.hand_in(PIA, title="A darker theme", told=SCENE)
    assert titles(town, INGRID, "we export the invoices of a region")[:1] == [
        "Export invoices by region"
    ]
    assert "A darker theme" not in titles(town, INGRID, "export invoices")
    assert titles(town, INGRID, "the") == []
    assert titles(town, INGRID, "completely elsewhere") == []


def test_chinese_is_found_by_its_words(town: Town) -> None:
    town.hand_in(PIA, title="按区域导出报表", told=SCENE)
    town.hand_in(PIA, title="审批时限提醒", told=SCENE)
    assert titles(town, INGRID, "我们想导出区域的报表") == ["按区域导出报表"]
    assert titles(town, INGRID, "導出區域報表") == ["按区域导出报表"]


def test_what_somebody_may_not_see_is_not_similar(town: Town) -> None:
    town.hand_in(PIA, title="Export salaries", visibility=Visibility.PRIVATE)
    town.hand_in(ELIF, title="Export claims")
    words = {"en": SharedText("Export by tenant")}
    hidden = town.call(PAUL, create_shared, Kind.NEED, words)
    assert titles(town, INGRID, "export") == []
    assert titles(town, PIA, "export") == ["Export salaries"]
    assert titles(town, ELIF, "export") == ["Export claims"]
    assert hidden


def test_closed_ones_are_left_out(town: Town) -> None:
    key = town.hand_in(PIA, title="Export invoices")
    town.call(PAUL, move_request, key, State.CLARIFYING)
    town.call(PAUL, move_request, key, State.DECLINED, "Nobody else asks.")
    assert titles(town, INGRID, "export invoices") == []


def test_shared_ones_are_found_in_any_language_and_follow_their_words(town: Town) -> None:
    shared = town.share()
    (found,) = town.call(INGRID, find_similar, "export per region")
    assert (found.shared, found.key, found.mine, found.title) == (
        True,
        shared,
        False,
        "Export by region",
    )
    words = {"en": SharedText("Import by plant"), "zh-Hans": SharedText("按工厂导入")}
    town.call(PAUL, edit_shared, shared, words, Target())
    assert titles(town, INGRID, "export region") == []
    assert titles(town, INGRID, "按工厂导入") == ["Import by plant"]
    town.call(INGRID, join_shared, shared)
    (again,) = town.call(INGRID, find_similar, "import plant")
    assert (again.mine, again.votes) == (True, 1)
    (other,) = town.call(PIA, find_similar, "import plant")
    assert other.mine is False


def test_votes_are_told_as_the_page_tells_them(town: Town) -> None:
    shared, asked = town.share(), town.hand_in(INGRID, title="Invoices for plants")
    town.call(PAUL, join_family, asked, shared)
    town.call(ELIF, join_shared, shared)
    assert [one.votes for one in town.call(PIA, find_similar, "invoices plants")] == [2]
    town.call(PAUL, publish_shared, shared, published=False)
    assert [one.votes for one in town.call(PIA, find_similar, "invoices plants")] == [1]


def test_ones_own_vote_is_known(town: Town) -> None:
    key = town.hand_in(PIA, title="Export invoices")
    assert town.call(INGRID, find_similar, "export invoices")[0].mine is False
    town.call(INGRID, vote, key)
    (found,) = town.call(INGRID, find_similar, "export invoices")
    assert (found.mine, found.votes) == (True, 2)


def test_the_kept_words_are_those_of_the_text(town: Town) -> None:
    town.hand_in(PIA, title="Export export", told=SCENE)
    with town.world.database.session(system_scope(town.now, "test")) as session:
        rows = session.execute(select(RequestWord.word, RequestWord.count))
        kept = {row[0]: row[1] for row in rows}
    assert kept == words_of("\n".join(["Export export", *SCENE.values()]))


def test_rare_words_weigh_more_and_frequent_ones_are_left_out() -> None:
    weights = weigh({"rare": 1, "common": 1400, "everywhere": 20_000})
    assert set(weights) == {"rare", "common"}
    assert weights["rare"] > 2 * weights["common"]
    assert set(weigh({"everywhere": 20_000})) == {"everywhere"}


def test_in_four_statements_however_many_there_are(town: Town) -> None:
    town.share()
    for number in range(12):
        town.hand_in(PIA, title=f"Export by region {number}")
    seen: Counter[str] = Counter()

    def count(_c: object, _u: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen[statement] += 1

    with town.session(INGRID) as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", count)
        found = find_similar(session, "Export by region")
        event.remove(engine, "before_cursor_execute", count)
    assert len(found) == 4
    asked = [one for one in seen.elements() if "request" in one]
    assert len(asked) == 4
