"""Files of requests: whose they are, who may fetch them, and what the scanner says."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.domain.requests import Visibility
from portal.services.file_store import FileStore
from portal.services.requests.files import (
    MOST_LOOSE,
    Sent,
    files_of,
    find_file,
    loose_files,
    read_sent,
    remove_file,
    store_file,
    take_in,
)
from portal.services.requests.talking import write_message
from portal.services.virus_scan import Scanner, Verdict
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, NOW, OSKELUND, PIA, QUILLON, build_world

NONE = Scanner("")


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "files"))


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def store(town: Town, files: FileStore, email: str, sent: Sent | None = None, **at: str) -> str:
    sent = sent or take_in("words.txt", b"words", NONE)
    key: str = town.call(email, store_file, files, sent, **at)
    return key


def may_fetch(town: Town, email: str, key: str, *, scanned: bool = False) -> bool:
    try:
        return bool(town.call(email, find_file, key, scanned=scanned) == key)
    except NotFound:
        return False


def readers(town: Town, key: str, *, scanned: bool = False) -> set[str]:
    return {
        one for one in (INGRID, PIA, ELIF, MARA, PAUL) if may_fetch(town, one, key, scanned=scanned)
    }


def test_a_file_is_its_senders_until_a_request_takes_it(town: Town, files: FileStore) -> None:
    key = store(town, files, PIA)
    assert readers(town, key) == {PIA}
    town.hand_in(PIA, files=(key,))
    assert readers(town, key) == {INGRID, PIA, MARA, PAUL}


def test_a_private_requests_file_is_its_requesters_and_the_vendors(
    town: Town, files: FileStore
) -> None:
    key = store(town, files, PIA)
    town.hand_in(PIA, files=(key,), visibility=Visibility.PRIVATE)
    assert readers(town, key) == {PIA, MARA, PAUL}


def test_files_stand_beside_what_they_came_with(town: Town, files: FileStore) -> None:
    with_it, with_answer = store(town, files, PIA), store(town, files, MARA, account=OSKELUND.key)
    request = town.hand_in(PIA, files=(with_it,))
    message = town.call(MARA, write_message, request, "Look here.", files=[with_answer])
    found = town.call(INGRID, files_of, request, scanned=False)
    assert {at: [one.key for one in those] for at, those in found.items()} == {
        "": [with_it],
        message: [with_answer],
    }
    assert readers(town, with_answer) == {INGRID, PIA, MARA, PAUL}


def test_nobody_attaches_what_is_anothers_or_taken(town: Town, files: FileStore) -> None:
    foreign, taken = store(town, files, ELIF), store(town, files, PIA)
    request = town.hand_in(PIA, files=(taken,))
    for key in (foreign, taken, "no-such-key"):
        with pytest.raises(Invalid, match="no longer there"):
            town.call(PIA, write_message, request, "Again.", files=[key])
    with pytest.raises(Invalid, match="at most 10"):
        town.call(PIA, write_message, request, "Many.", files=[str(one) for one in range(11)])
    assert list(town.call(PIA, files_of, request, scanned=False)) == [""]


def test_a_file_for_one_account_goes_to_no_other(town: Town, files: FileStore) -> None:
    key = store(town, files, PAUL, account=QUILLON.key)
    request = town.hand_in(PIA)
    with pytest.raises(Invalid):
        town.call(PAUL, write_message, request, "For another.", files=[key])


def test_vendors_people_reach_only_their_accounts(town: Town, files: FileStore) -> None:
    for account in (QUILLON.key, "no-such", ""):
        with pytest.raises(NotFound):
            store(town, files, MARA, account=account)


def test_loose_ones_can_be_removed_and_are_limited(town: Town, files: FileStore) -> None:
    keys = [store(town, files, PIA) for _one in range(MOST_LOOSE)]
    with pytest.raises(Invalid, match="then attach more"):
        store(town, files, PIA)
    town.call(PIA, remove_file, files, keys[0])
    assert len(town.call(PIA, loose_files, keys, scanned=False)) == MOST_LOOSE - 1
    assert files.read(keys[0]) is None
    with pytest.raises(NotFound):
        town.call(INGRID, remove_file, files, keys[1])
    town.hand_in(PIA, files=(keys[1],))
    with pytest.raises(NotFound):
        town.call(PIA, remove_file, files, keys[1])


def test_a_picture_is_made_anew(town: Town, files: FileStore) -> None:
    written = io.BytesIO()
    Image.new("RGB", (3000, 20), (9, 9, 9)).save(written, "PNG")
    key = store(town, files, PIA, take_in("s.png", written.getvalue() + b"hidden", NONE))
    with town.world.database.session(system_scope(NOW, "test")) as session:
        sent = read_sent(session, files, key)
    assert (sent.name, sent.media_type) == ("s.webp", "image/webp")
    assert b"hidden" not in sent.content
    assert Image.open(io.BytesIO(sent.content)).size == (2560, 17)
    with pytest.raises(Invalid) as refused:
        take_in("s.png", written.getvalue()[:60], NONE)
    assert (refused.value.code, set(refused.value.fields)) == ("no-image", {"files"})


@contextmanager
def clamd(answer: bytes) -> Iterator[tuple[Scanner, list[bytes]]]:
    """A server that speaks enough of clamd, and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_serve, args=(server, answer, heard), daemon=True)
        thread.start()
        yield Scanner(f"clamd://127.0.0.1:{server.getsockname()[1]}"), heard
        thread.join()


def _serve(server: socket.socket, answer: bytes, heard: list[bytes]) -> None:
    link, _address = server.accept()
    with link, link.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(stream.read(4), "big"):
            content += stream.read(size)
        heard.append(content)
        link.sendall(answer)


def test_the_scanner_is_sent_all_of_it_and_believed() -> None:
    raw = b"words " * 30_000
    with clamd(b"stream: OK\0") as (scanner, heard):
        assert take_in("a.txt", raw, scanner).verdict is Verdict.CLEAN
    assert heard == [raw]
    found = clamd(b"stream: Eicar-Test-Signature FOUND\0")
    with found as (scanner, _heard), pytest.raises(Invalid) as refused:
        take_in("a.txt", raw, scanner)
    assert refused.value.code == "file-harmful"
    with clamd(b"INSTREAM size limit exceeded. ERROR\0") as (scanner, _heard):
        assert take_in("a.txt", raw, scanner).verdict is Verdict.UNSEEN


def test_what_no_scanner_has_seen_waits_for_all_but_its_sender(
    town: Town, files: FileStore, tmp_path: Path
) -> None:
    away = Scanner(f"clamd://{tmp_path}/nobody.ctl")
    key = store(town, files, PIA, take_in("a.txt", b"words", away))
    request = town.hand_in(PIA, files=(key,))
    assert readers(town, key, scanned=True) == {PIA}
    assert [one.ready for one in town.call(INGRID, files_of, request, scanned=True)[""]] == [False]
