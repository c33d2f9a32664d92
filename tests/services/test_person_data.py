"""A person handed out and erased: nothing of the id stays, and every figure does."""

import json
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import select

from portal import sqlite
from portal.db import Base, Database
from portal.domain.errors import NotFound
from portal.models import Job, UsageRun
from portal.services.adoption import show_adoption
from portal.services.person_data import (
    CHECKPOINT_JOB,
    erase_person,
    export_person,
    finish_erasing,
)
from portal.tenancy import system_scope
from portal.usage.archiving import archive
from portal.usage.compaction import compact
from portal.usage.comparison import compare_with_log
from portal.usage.erasing import finish_erasures
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from portal.usage.sealing import seal
from tests.usage.sample import BEGIN, NOW, ZONES, load_lists, make_sample, send, send_all

WHO = "acme-5"
LATER = NOW + timedelta(days=2)
MUCH_LATER = NOW + timedelta(days=120)


def plain(value: Any) -> bytes:
    if not isinstance(value, bytes):
        return str(value).encode()
    # The archive's columns stand after three bytes that say how many.
    for start in (0, 3):
        if value[start:].startswith(b"\x28\xb5\x2f\xfd"):
            return zstandard.decompress(value[start:])
    try:
        return zlib.decompress(value, wbits=47)
    except zlib.error:
        return value


def places_of(database: Database, text: bytes) -> set[str]:
    """Tables with a value that holds the text, packed or not."""
    found = set()
    with database.system(writes=False) as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                values = b"\n".join(map(plain, row))
                # Requests in a pack may be packed by themselves.
                if text in values or (table.name == "usage_log" and text in deeper(values)):
                    found.add(table.name)
    return found


def deeper(values: bytes) -> bytes:
    starts = [place for place in range(len(values)) if values.startswith(b"x\x01", place)]
    parts = []
    for start in starts:
        try:
            parts.append(zlib.decompressobj().decompress(values[start:]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def figures(database: Database) -> list[object]:
    with database.session(system_scope(NOW, "test")) as session:
        return [
            show_adoption(session, account, BEGIN.date() + timedelta(days=day), 30).as_json()
            for account in ZONES
            for day in range(9, 47, 9)
        ]


def filled(database: Database, *, state: str) -> list[dict[str, Any]]:
    sample = make_sample(bursts=40)
    load_lists(database, sample)
    for event in sample.events:
        event["messageId"] = event["messageId"].replace("acme-", "a:")
        if event["userId"] == WHO:
            event["messageId"] += f"-{WHO}"
            event["context"]["traits"] = {"email": f"{WHO}@acme.example"}
    send_all(database, sample.events)
    send(database, [{"type": "identify", "userId": WHO, "traits": {"name": "Ada"}}])
    fold_pending(database, NOW)
    if state != "raw":
        compact(database, LATER)
    if state == "archived":
        seal(database, MUCH_LATER)
        archive(database, MUCH_LATER)
    return sample.events


@pytest.mark.parametrize("state", ["raw", "packed", "archived"])
def test_nothing_of_the_id_stays_and_every_figure_does(database: Database, state: str) -> None:
    events = filled(database, state=state)
    before = figures(database)
    # Archived or not, who was identified stands in the log.
    lies = {"usage_log"} | ({"usage_archive"} if state == "archived" else set())
    assert places_of(database, WHO.encode()) == {"person", "usage_person", *lies}
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        erase_person(database, session, "acme", WHO)
    assert finish_erasures(database, NOW) == 1
    assert places_of(database, WHO.encode()) == set()
    assert figures(database) == before
    assert compare_with_log(database, NOW).differences == []
    rebuild(database, NOW)
    assert figures(database) == before
    # What was sent before counts no second time; what is new is somebody new's.
    send_all(database, [event for event in events if event["userId"] == WHO])
    assert fold_pending(database, NOW).events == 0
    with database.session(system_scope(NOW, "test")) as session:
        run = session.scalars(select(UsageRun)).one()
        assert run.done >= run.total > 0
        with pytest.raises(NotFound):
            list(export_person(session, "acme", WHO))


def test_the_log_beside_the_file_is_emptied_once_nobody_reads_what_was_there_before(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL keeps its own log: there is nothing to wait for."""
    monkeypatch.setattr(sqlite, "CHECKPOINT_MILLISECONDS", 1)
    filled(database, state="raw")
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        erase_person(database, session, "acme", WHO)
    with database.system(writes=False) as reader:
        reader.execute(select(UsageRun.id)).all()
        assert finish_erasing(database, NOW) == 1
        with database.session(system_scope(NOW, "test")) as session:
            waits = session.scalars(select(Job.id).where(Job.name == CHECKPOINT_JOB)).all()
        assert len(waits) == 1
        assert database.checkpoint() is not database.is_sqlite
        assert WHO.encode() in beside(database) or not database.is_sqlite
    assert database.checkpoint()
    assert WHO.encode() not in beside(database)


def beside(database: Database) -> bytes:
    """SQLite's files, log and all, as anybody could read them."""
    if not database.is_sqlite:
        return b""
    main = str(database.engine.url.database)
    return b"".join(Path(main + ending).read_bytes() for ending in ("", "-wal"))


def test_everything_kept_of_a_person_is_handed_out(database: Database) -> None:
    events = filled(database, state="packed")
    with database.session(system_scope(NOW, "test")) as session:
        lines = [json.loads(line) for line in export_person(session, "acme", WHO)]
    kinds = {line["kind"] for line in lines}
    assert kinds == {"profile", "use", "day", "message"}
    sent = [event for event in events if event["userId"] == WHO]
    found = [line["message"] for line in lines if line["kind"] == "message"]
    assert len(found) == len(sent) + 1
    assert all(message in found for message in sent)


def test_archived_messages_are_handed_out_without_ids(database: Database) -> None:
    events = filled(database, state="archived")
    with database.session(system_scope(NOW, "test")) as session:
        lines = [json.loads(line) for line in export_person(session, "acme", WHO)]
    found = [line["message"] for line in lines if line["kind"] == "archived"]
    sent = {one["messageId"]: one for one in events if one["userId"] == WHO}
    expected = [
        {
            **{key: value for key, value in one.items() if key != "messageId"},
            "timestamp": one["timestamp"].replace("Z", "+00:00"),
        }
        for one in sent.values()
    ]
    assert len(found) == len(sent)
    assert all(message in expected for message in found)
