"""Files and the portal, both edited: nothing is overwritten unless somebody says so."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.models import KnowledgeRevision
from portal.services.content_conflicts import ContentConflict
from portal.services.content_files import LoadReport, export_content, load_content
from portal.services.knowledge import read_item
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft
from portal.services.knowledge_workflow import archive, publish_now
from tests.hub import reader, write_text, writing
from tests.moments import NOON
from tests.newsroom import BO, as_writer, newsroom

SLUG = "penguins"
FILE = f"faqs/{SLUG}.en.md"


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Database:
    newsroom(database)
    write_text(tmp_path, SLUG, "customers")
    write_text(tmp_path, SLUG, "customers", locale="zh-Hans")
    load(database, tmp_path)
    return database


def load(hub: Database, folder: Path, side: str | None = None) -> LoadReport:
    with writing(hub) as session:
        return load_content(session, folder, side)


def edit(hub: Database, body: str, **fields: object) -> None:
    with as_writer(hub, BO, NOON + timedelta(hours=1)) as session:
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput(fields, body), token)
        publish_now(session, SLUG)


def text(hub: Database, locale: str = "en") -> str:
    with reader(hub, "acme", locale) as session:
        return read_item(session, SLUG).html


def counts(report: LoadReport) -> tuple[int, int, int]:
    return report.added, report.changed, report.unchanged


def test_what_is_newer_here_stays_and_is_named(hub: Database, tmp_path: Path) -> None:
    edit(hub, "Edited here.\n")
    report = load(hub, tmp_path)
    assert (counts(report), report.newer) == ((0, 0, 1), (FILE,))
    assert "Edited here." in text(hub)
    # A file of another language is taken, as both say the same of what they share.
    write_text(tmp_path, SLUG, "customers", locale="zh-Hans", body="新的。\n")
    report = load(hub, tmp_path)
    assert (counts(report), report.newer) == ((0, 1, 0), (FILE,))
    assert "Edited here." in text(hub)
    assert "新的" in text(hub, "zh-Hans")


@pytest.mark.parametrize(("side", "stays"), [("ours", "Edited here."), ("theirs", "Edited there.")])
def test_a_conflict_is_listed_and_settled_by_a_side(
    hub: Database, tmp_path: Path, side: str, stays: str
) -> None:
    edit(hub, "Edited here.\n", title="Penguins here")
    write_text(tmp_path, SLUG, "customers", body="Edited there.\n")
    write_text(tmp_path, "another", "public")
    with pytest.raises(ContentConflict) as refusal:
        load(hub, tmp_path)
    (conflict,) = refusal.value.conflicts
    assert conflict.path == FILE
    assert conflict.differs == ("title", "body (+1 −1 words)")
    assert "Edited here." in text(hub)
    load(hub, tmp_path, side)
    assert stays in text(hub)
    # It is settled: the next load has nothing to ask.
    assert counts(load(hub, tmp_path))[:2] == (0, 0)
    with writing(hub) as session:
        bodies = session.scalars(select(KnowledgeRevision.body)).all()
    assert "Edited here.\n" in bodies


def test_what_languages_share_conflicts_when_both_changed_it(hub: Database, tmp_path: Path) -> None:
    edit(hub, "Edited here.\n", audience="public")
    write_text(tmp_path, SLUG, "customers", locale="zh-Hans", body="新的。\n")
    with pytest.raises(ContentConflict) as refusal:
        load(hub, tmp_path)
    assert {one.path for one in refusal.value.conflicts} == {FILE, f"faqs/{SLUG}.zh-Hans.md"}
    assert {"audience"} <= set(refusal.value.conflicts[0].differs)


def test_what_was_exported_loads_without_a_word(hub: Database, tmp_path: Path) -> None:
    edit(hub, "Edited here.\n", audience="public")
    with writing(hub) as session:
        export_content(session, tmp_path)
    report = load(hub, tmp_path)
    assert (counts(report), report.newer) == ((0, 0, 2), ())
    # And from then on the file is the one that was loaded last.
    write_text(tmp_path, SLUG, "public", body="Edited there.\n")
    write_text(tmp_path, SLUG, "public", locale="zh-Hans")
    assert load(hub, tmp_path).changed >= 1
    assert "Edited there." in text(hub)


def test_what_was_archived_here_stays_archived(hub: Database, tmp_path: Path) -> None:
    with as_writer(hub, BO) as session:
        archive(session, SLUG)
    assert len(load(hub, tmp_path).newer) == 2
    write_text(tmp_path, SLUG, "customers", body="Edited there.\n")
    with pytest.raises(ContentConflict):
        load(hub, tmp_path)
    load(hub, tmp_path, "theirs")
    assert "Edited there." in text(hub)


def test_a_working_copy_is_kept_and_told_that_it_was_overtaken(
    hub: Database, tmp_path: Path
) -> None:
    with as_writer(hub, BO) as session:
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput({}, "Being written.\n"), token)
    write_text(tmp_path, SLUG, "customers", body="Edited there.\n")
    assert load(hub, tmp_path).changed == 1
    with as_writer(hub, BO) as session:
        draft = open_draft(session, SLUG, "en")
        assert (draft.body, draft.overtaken) == ("Being written.\n", True)
