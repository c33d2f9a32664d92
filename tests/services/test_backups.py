"""What is backed up on one database comes back on either, or nothing does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import Base, Database
from portal.domain.errors import Conflict, Invalid
from portal.migrate import migrate
from portal.models import Account, KnowledgeFile, Person, RequestFile
from portal.services.backups import read_backup, write_backup
from portal.services.file_store import FileStore
from portal.tenancy import system_scope
from portal.usage import inbox
from portal.usage.fold import fold_pending
from tests.security.objects import make_objects
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import load_lists, make_sample, send, send_all
from tests.world import LAST_DAY, NOW, build_world


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.system(writes=False) as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def other(blank_url: str) -> Iterator[Database]:
    database = Database(blank_url)
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture
def archive(sqlite_database: Database, tmp_path: Path) -> Path:
    make_objects(build_world(sqlite_database))
    file = tmp_path / "backup.tar.gz"
    assert write_backup(sqlite_database, file) > 30
    return file


def test_a_backup_comes_back_whole_on_either_database(
    sqlite_database: Database, archive: Path, other: Database
) -> None:
    read_backup(other, archive)
    assert everything(other) == everything(sqlite_database)
    with other.session(system_scope(NOW, "test"), writes=True) as session:
        account = session.scalars(select(Account)).first()
        assert account is not None
        session.add(Person(account_id=account.id, external_id="new", active_from=LAST_DAY))
        session.commit()


def test_what_waits_to_be_folded_comes_back_once(
    sqlite_database: Database, other: Database, tmp_path: Path
) -> None:
    """On SQLite it lies in a file of its own, of which a part may be folded and not yet gone."""
    sample = make_sample(bursts=8)
    load_lists(sqlite_database, sample)
    send_all(sqlite_database, sample.events[::2], 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.usage.inbox.sweep", lambda _session: None)
        fold_pending(sqlite_database, NOW)
    send_all(sqlite_database, sample.events[1::2], 4)
    file = tmp_path / "backup.tar.gz"
    write_backup(sqlite_database, file)
    read_backup(other, file)
    with other.session(system_scope(NOW, "test")) as session:
        assert inbox.waiting(session).messages == len(sample.events[1::2])
    send(other, sample.events[:5])
    fold_pending(other, NOW)
    assert_exact(other, truth_of(sample))


def test_an_inbox_that_was_left_over_is_told(archive: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url.replace("paceline.db", "other.db"))
    migrate(database)
    send(database, [{}])
    with pytest.raises(Conflict, match="empty database"):
        read_backup(database, archive)
    database.dispose()


def test_a_filled_database_is_left_alone(sqlite_database: Database, archive: Path) -> None:
    before = everything(sqlite_database)
    with pytest.raises(Conflict, match="empty database"):
        read_backup(sqlite_database, archive)
    assert everything(sqlite_database) == before


@pytest.mark.parametrize("kept", [10, 0.5, 0.95])
def test_a_cut_off_archive_restores_nothing(archive: Path, other: Database, kept: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(kept if kept > 1 else len(content) * kept)])
    with pytest.raises(Invalid, match="not a whole Paceline backup"):
        read_backup(other, archive)
    assert not any(everything(other).values())


def test_a_database_without_tables_is_told_to_be_migrated_first(
    archive: Path, blank_url: str
) -> None:
    blank = Database(blank_url)
    with pytest.raises(Invalid, match="paceline migrate"):
        read_backup(blank, archive)
    blank.dispose()


def test_pictures_come_back_beside_their_rows(
    sqlite_database: Database, other: Database, tmp_path: Path
) -> None:
    here, there = FileStore(str(tmp_path / "here")), FileStore(str(tmp_path / "there"))
    with sqlite_database.session(system_scope(NOW, "test"), writes=True) as session:
        for key in ("kept", "lost"):
            session.add(KnowledgeFile(key=key, stored_at=NOW, bytes=5))
        account = Account(key="oskelund", name="Oskelund Foods", created_at=NOW)
        session.add(account)
        session.flush()
        session.add(
            RequestFile(
                account_id=account.id,
                name="words.txt",
                media_type="text/plain",
                size=5,
                stored="attached",
                at=NOW,
            )
        )
        session.commit()
    here.put("kept", b"bytes")
    here.below("requests").put("attached", b"words")
    here.below("requests").put("nobody's", b"words")
    here.put("nobody's", b"bytes")
    write_backup(sqlite_database, tmp_path / "backup.tar.gz", here)
    read_backup(other, tmp_path / "backup.tar.gz", there)
    assert there.read("kept") == b"bytes"
    assert list(there.names()) == ["kept"]
    assert there.below("requests").read("attached") == b"words"
    assert list(there.below("requests").names()) == ["attached"]
