"""Links of texts and of lessons, on both databases."""

from pathlib import Path

from portal.db import Database
from portal.models import KnowledgeFile
from portal.services.knowledge_link_check import check_links
from portal.services.link_list import link_page, list_links
from tests.courses import SLUG, load_course, write_course
from tests.moments import NOON, at
from tests.newsroom import ANNA, as_writer, newsroom

WAYS = {
    f"/courses/{SLUG}": "",
    f"/courses/{SLUG}/lessons/leave-out?language=en": "",
    f"/courses/{SLUG}/lessons/nowhere": "missing",
    "/courses/no-such-course": "missing",
    "/knowledge/no-such-text": "missing",
    "#s-here": "",
    "#s-there": "anchor",
    "https://elsewhere.example/a": "unchecked",
    "/profile": "missing",
    "/adoption": "",
    "/adoptoin/targets": "missing",
    "/": "",
    f"/knowledge/files/{'ab' * 20}-10x10.webp": "missing",
    f"/knowledge/files/{'cd' * 20}-10x10.webp": "",
}


def test_lessons_are_looked_at_too(database: Database, tmp_path: Path) -> None:
    newsroom(database)
    write_course(tmp_path)
    lesson = tmp_path / "courses" / SLUG / "01-find.en.md"
    # Pictures are shown, the rest is pointed at.
    body = "\n".join(f"- {'!' if '.webp' in way else ''}[w]({way})" for way in WAYS)
    lesson.write_text(f"{lesson.read_text()}\n## Here\n\n{body}\n")
    load_course(database, tmp_path)
    with at(database) as session:
        session.add(KnowledgeFile(key=f"{'cd' * 20}-10x10.webp", stored_at=NOON, bytes=1))
        session.commit()
        assert check_links(session) == check_links(session)
    with as_writer(database, ANNA) as session:
        found = [one for one in list_links(session) if one.trouble != "feature"]
        page = link_page(session, "missing")
    assert {one.target: one.trouble for one in found} == {k: v for k, v in WAYS.items() if v}
    assert {(one.slug, one.lesson) for one in found} == {(SLUG, "find")}
    assert (page.total, page.counts["missing"], page.counts["anchor"]) == (6, 6, 1)
