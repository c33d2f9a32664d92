"""Files that wait for the scanner, and files that nobody took."""

from pathlib import Path

import pytest

from portal.db import Database
from portal.domain.requests import Kind
from portal.services.file_store import FileStore
from portal.services.requests.drafts import keep_draft
from portal.services.requests.file_care import note_verdict, sweep_request_files, waiting_files
from portal.services.requests.files import files_of
from portal.services.virus_scan import Verdict
from portal.tenancy import system_scope
from tests.services.requests.test_files import readers, store
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, MARA, PIA, build_world


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "files"))


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def judge(town: Town, files: FileStore, key: str, verdict: Verdict) -> list[str]:
    """Which files wait after it."""
    with town.world.database.session(system_scope(town.now, "job"), writes=True) as session:
        note_verdict(session, files, key, verdict)
        return [one for one, _stored in waiting_files(session)]


def test_a_clean_file_is_there_for_all_and_a_harmful_one_for_nobody(
    town: Town, files: FileStore
) -> None:
    clean, harmful = store(town, files, PIA), store(town, files, PIA)
    request = town.hand_in(PIA, files=(clean, harmful))
    assert judge(town, files, clean, Verdict.UNSEEN) == [clean, harmful]
    assert judge(town, files, clean, Verdict.CLEAN) == [harmful]
    assert judge(town, files, harmful, Verdict.REFUSED) == []
    assert readers(town, clean, scanned=True) == {INGRID, PIA, MARA, PAUL}
    assert readers(town, harmful) == set()
    assert files.read(harmful) is None
    told = town.call(INGRID, files_of, request, scanned=True)[""]
    assert [(one.ready, one.refused) for one in told] == [(True, False), (False, True)]


def test_what_no_request_took_goes_after_two_days(town: Town, files: FileStore) -> None:
    taken, loose = store(town, files, PIA), store(town, files, PIA)
    town.hand_in(PIA, files=(taken,))
    town.later(days=1)
    fresh = store(town, files, PIA)
    town.later(days=1, minutes=1)
    assert sweep(town, files) == 1
    assert set(files.names()) == {taken, fresh}
    assert loose not in files.names()


def test_what_a_draft_holds_stays_for_a_month(town: Town, files: FileStore) -> None:
    loose, held = store(town, files, PIA), store(town, files, PIA)
    town.call(PIA, keep_draft, Kind.NEED, {"title": "Half a"}, [held])
    town.call(INGRID, keep_draft, Kind.NEED, {"title": "Without"})
    town.later(days=30)
    assert sweep(town, files) == 1
    assert set(files.names()) == {held} - {loose}
    town.later(minutes=1)
    assert sweep(town, files) == 1
    assert set(files.names()) == set()


def sweep(town: Town, files: FileStore) -> int:
    with town.world.database.session(system_scope(town.now, "job"), writes=True) as session:
        return sweep_request_files(session, files)
