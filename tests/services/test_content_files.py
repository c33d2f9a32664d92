"""Files in, all or nothing; files out, the same."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.domain.errors import Invalid
from portal.models import (
    AuditEntry,
    Job,
    KnowledgeChange,
    KnowledgeItem,
    KnowledgeVersion,
)
from portal.services.content_files import LoadReport, export_content, load_content
from tests.hub import CONTENT, fill, reader, write_text, writing


def load(database: Database, folder: Path) -> LoadReport:
    with writing(database) as session:
        return load_content(session, folder)


def refused(database: Database, folder: Path) -> dict[str, str]:
    """What is wrong, by member; and nothing of it is there."""
    with pytest.raises(Invalid) as refusal:
        load(database, folder)
    with writing(database) as session:
        assert session.scalar(select(func.count(KnowledgeVersion.id))) == 0
    return refusal.value.fields


def change_number(database: Database) -> int:
    with writing(database) as session:
        return session.scalar(select(KnowledgeChange.number)) or 0


def test_our_own_content_loads_clean_and_comes_out_the_same(
    database: Database, tmp_path: Path
) -> None:
    report = load(database, CONTENT)
    files = sorted(CONTENT.glob("*/*.md"))
    # Lessons and quizzes stand a folder deeper.
    deeper = [path for path in CONTENT.glob("courses/*/*") if path.is_file()]
    assert (report.added, report.changed, report.unchanged) == (len(files), 0, 0)
    with writing(database) as session:
        assert export_content(session, tmp_path) == len(files) + len(deeper)
    for file in (*files, *deeper):
        assert (tmp_path / file.relative_to(CONTENT)).read_bytes() == file.read_bytes()
    written = [path for kind in ("*.md", "*.yaml") for path in tmp_path.rglob(kind)]
    assert len(written) == len(files) + len(deeper)


def test_loading_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path, ("en", "zh-Hans"))
    before = change_number(database)
    report = load(database, tmp_path)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 10)
    assert change_number(database) == before


def test_a_change_raises_the_numbers_of_its_own_text_alone(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    before = change_number(database)
    write_text(tmp_path, "for-acme", "{accounts: [acme]}", title="Better")
    assert load(database, tmp_path).changed == 1
    assert change_number(database) == before + 1
    with writing(database) as session:
        rows = dict(
            session.execute(
                select(KnowledgeItem.slug, KnowledgeVersion.revision)
                .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
                .where(KnowledgeVersion.revision > 1)
            ).all()
        )
    assert rows == {"for-acme": 2}


def test_a_load_is_audited_and_asks_for_a_new_index_once(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    write_text(tmp_path, "for-acme", "{accounts: [acme]}", title="Better")
    load(database, tmp_path)
    with writing(database) as session:
        published = session.scalars(
            select(AuditEntry.object_key).where(AuditEntry.action == "knowledge.published")
        ).all()
        jobs = session.scalars(select(Job.name)).all()
    assert sorted(published) == sorted(
        ["for-everyone", "for-customers", "for-the-vendor", "for-acme", "for-globex", "for-acme"]
    )
    assert jobs == ["search.reindex"]


def test_one_wrong_file_keeps_all_out_and_is_named(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "good", "public")
    write_text(tmp_path, "bad", "everyone", minutes="many")
    assert set(refused(database, tmp_path)) == {
        "faqs/bad.en.md: audience",
        "faqs/bad.en.md: minutes",
    }


def test_bad_markdown_is_named_by_file(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "bomb", "public", body="[a](" * 5000)
    write_text(tmp_path, "foreign", "public", body="[a](//evil.example)\n")
    assert set(refused(database, tmp_path)) == {
        "faqs/bomb.en.md: body",
        "faqs/foreign.en.md: body",
    }


def test_versions_that_disagree_are_named(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "one", "public")
    write_text(tmp_path, "one", "customers", locale="zh-Hans", minutes="3")
    assert set(refused(database, tmp_path)) == {
        "faqs/one.zh-Hans.md: audience",
        "faqs/one.zh-Hans.md: minutes",
    }


def test_a_slug_is_one_item_over_all_collections(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "one", "public")
    write_text(tmp_path, "one", "public", locale="zh-Hans", type="guide")
    assert set(refused(database, tmp_path)) == {"guides/one.zh-Hans.md: type"}


def test_the_same_file_in_two_collections_is_refused(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "one", "public", type="guide")
    write_text(tmp_path, "one", "public")
    assert set(refused(database, tmp_path)) == {"guides/one.en.md"}


@pytest.mark.parametrize(
    ("audience", "target", "trouble"),
    [
        ("public", "nowhere", "leads to no text"),
        ("public", "for-customers", "not every reader"),
        ("customers", "for-acme", "not every reader"),
        ("{accounts: [globex]}", "for-acme", "not every reader"),
        ("customers", "for-the-vendor", "not every reader"),
    ],
)
def test_links_lead_where_each_reader_may_follow(
    database: Database, tmp_path: Path, audience: str, target: str, trouble: str
) -> None:
    for slug, kind in (
        ("for-customers", "customers"),
        ("for-acme", "{accounts: [acme]}"),
        ("for-the-vendor", "vendor"),
    ):
        write_text(tmp_path, slug, kind)
    write_text(tmp_path, "linking", audience, body=f"[there](/knowledge/{target}#s-x)\n")
    assert trouble in refused(database, tmp_path)["faqs/linking.en.md: body"]


def test_links_to_what_is_stored_already_are_good(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path / "first")
    write_text(
        tmp_path / "second", "linking", "customers", body="[there](/knowledge/for-everyone)\n"
    )
    assert load(database, tmp_path / "second").added == 1


def test_strange_files_are_named(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "good", "public")
    place = tmp_path / "faqs"
    (place / "latin.en.md").write_bytes(b"---\ntitle: \xe9\n---\n")
    (place / "note.txt").write_text("x")
    (place / "folder.en.md").mkdir()
    (place / "large.en.md").write_text("x" * 200_000)
    (place / ".hidden").write_text("x")
    (tmp_path / "poems").mkdir()
    (tmp_path / "poems" / "one.en.md").write_text("x")
    (tmp_path / "README.md").write_text("x")
    wrong = refused(database, tmp_path)
    assert set(wrong) == {
        "faqs/latin.en.md",
        "faqs/note.txt",
        "faqs/folder.en.md",
        "faqs/large.en.md",
        "poems/one.en.md",
    }
    assert "UTF-8 (byte 12)" in wrong["faqs/latin.en.md"]


@pytest.mark.parametrize("make", [True, False])
def test_a_folder_without_texts_is_refused(
    database: Database,
    tmp_path: Path,
    make: bool,  # noqa: FBT001 # a parameter of the table
) -> None:
    folder = tmp_path / "texts"
    if make:
        folder.mkdir()
    assert refused(database, folder) == {}


def test_what_may_not_be_meant_is_said(database: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "one", "{accounts: [unheard-of]}")
    (warning,) = load(database, tmp_path).warnings
    assert "unheard-of" in warning


def test_an_export_holds_what_its_reader_may_read(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path / "in")
    with reader(database, "acme") as session:
        export_content(session, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").rglob("*")}
    assert names == {"faqs", "for-everyone.en.md", "for-customers.en.md", "for-acme.en.md"}
