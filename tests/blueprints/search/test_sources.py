"""Beside the texts: accounts, features, reports and pages, each in its reader's own reach."""

import re
from datetime import date
from pathlib import Path

import pytest

from portal.domain.permissions import Role
from portal.models import ValueReport
from portal.tenancy import system_scope
from portal.web.search_index import search_index
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.courses import load_course, write_course
from tests.services.requests.town import Town
from tests.world import ELIF, INGRID, MARA, NOW, OSKELUND, PIA


def found(page: str) -> list[str]:
    """What the rows lead to."""
    return re.findall(r'class="hitrow"\s+href="([^"]+)"', page)


def test_the_vendor_s_people_find_accounts_in_their_hands(door: Door) -> None:
    assert "/accounts/oskelund-foods" in found(door.sign_in(MARA).get("/search?q=oskel").text)
    for client in (door.sign_in(INGRID), door.sign_in(PIA), door.visitor(), door.role("editor")):
        page = client.get("/search?q=oskel").text
        assert not [url for url in found(page) if url.startswith("/accounts")]
        assert "Accounts" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)


def test_what_another_looks_after_is_neither_found_nor_counted(door: Door) -> None:
    """Mara looks after Oskelund and not after Quillon."""
    page = door.sign_in(MARA).get("/search?q=quillon")
    assert found(page.text) == []
    assert "Nothing found" in text_of(page)
    everything = door.role("admin").get("/search?q=quillon&type=account")
    assert found(everything.text) == ["/accounts/quillon-insurance"]


def add_report(door: Door, key: str, company: str, *, published: bool) -> str:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        report = ValueReport(
            account_id=door.world.accounts[company],
            key=key,
            first=date(2026, 7, 1),
            last=date(2026, 9, 30),
            version=1 if published else 2,
            notes={},
            created_at=NOW,
            updated_at=NOW,
            published_at=NOW if published else None,
            snapshot=b"{}" if published else None,
        )
        session.add(report)
        session.commit()
    return f"/reports/{key}"


def test_a_report_is_found_by_those_of_its_account(door: Door) -> None:
    report = add_report(door, "ours", OSKELUND.key, published=True)
    draft = add_report(door, "draft", OSKELUND.key, published=False)
    for words in ("value report", "2026", "report q3", "report 2026-09"):
        assert report in found(door.sign_in(INGRID).get(f"/search?q={words}").text), words
        for client in (door.sign_in(ELIF), door.sign_in(PIA), door.visitor()):
            assert report not in found(client.get(f"/search?q={words}").text)
    page = door.sign_in(INGRID).get("/search?q=value+report&type=report")
    assert found(page.text) == [report]
    assert re.search(r"\b1 result\b", text_of(page))
    assert draft not in found(door.sign_in(MARA).get("/search?q=report&type=report").text)
    assert report in found(door.sign_in(MARA).get("/search?q=oskelund+2026").text)
    assert report not in found(door.sign_in(MARA).get("/search?q=report+q2").text)


def test_pages_are_those_of_the_reader_s_menu(door: Door) -> None:
    assert found(door.sign_in(INGRID).get("/search?q=adoption").text)[0] == "/adoption"
    assert "/adoption" not in found(door.sign_in(PIA).get("/search?q=adoption").text)
    assert "/admin/audit" in found(door.role("admin").get("/search?q=audit+log").text)
    assert "/admin/audit" not in found(door.sign_in(MARA).get("/search?q=audit+log").text)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.ADMIN, "/admin/features/approval-chains"),
        (Role.CSM, "/knowledge?feature=approval-chains"),
        (Role.CHAMPION, None),
    ],
)
def test_features_lead_to_where_the_reader_can_use_them(
    door: Door, role: Role, address: str | None
) -> None:
    urls = found(door.role(role.value).get("/search?q=approval+cha").text)
    assert [url for url in urls if "approval-chains" in url] == ([address] if address else [])


def test_a_sentence_finds_no_names(door: Door) -> None:
    page = door.role("admin").get("/search?q=how+do+I+change+the+oskelund+account")
    assert found(page.text) == []


ASK = "/search?type=lesson&q="


def test_a_lesson_is_found_by_those_who_may_read_its_course(door: Door, tmp_path: Path) -> None:
    for slug, audience in (("for-all", "public"), ("for-us", "customers"), ("inside", "vendor")):
        write_course(tmp_path, slug, audience=audience, locales=("en", "zh-Hans"), quiz=False)
        lesson = tmp_path / "courses" / slug / "01-find.zh-Hans.md"
        lesson.write_text(lesson.read_text() + "\n最慢的一步决定一切。\n")
    load_course(door.world.database, tmp_path)
    with door.app.app_context():
        search_index().look()  # until there is an index the database answers, by its words alone
    readers = ((door.visitor(), 1), (door.sign_in(PIA), 2), (door.sign_in(MARA), 3))
    for client, courses in readers:
        # The words stand in the lesson's text, in the other script (with what says one of them in
        # English alone behind it), and in its title.
        for words, first, more in (
            ("slowest step", {"find", "leave-out"}, set()),
            ("最慢的一步決定", {"find"}, {"leave-out"}),
            ("leave-out", {"leave-out"}, set()),
        ):
            hits = [hit.split("/")[2::2] for hit in found(client.get(ASK + words).text)]
            best = courses * len(first)
            assert {lesson for _course, lesson in hits[:best]} == first, words
            assert len(hits) == courses * len(first | more), words
            assert {lesson for _course, lesson in hits[best:]} == more, words
            assert len({course for course, _lesson in hits}) == courses, words
    page = door.visitor().get("/search?q=slowest&type=lesson").text
    assert "/courses/for-all/lessons/find" in found(page)


def test_requests_are_found_by_their_company_and_by_the_desk_that_shows_them(door: Door) -> None:
    town = Town(door.world, NOW)
    key = town.hand_in(INGRID, title="Export invoices by region")
    question = "/search?q=how+could+we+export+invoices+by+their+region"
    for client, url in (
        (door.sign_in(INGRID), f"/requests/{key}"),
        (door.sign_in(MARA), f"/triage/{key}"),
        (door.role("product"), f"/triage/{key}"),
    ):
        assert url in found(client.get(question).text)
    for client in (door.sign_in(ELIF), door.role("editor"), door.visitor()):
        assert not [url for url in found(client.get(question).text) if key in url]
