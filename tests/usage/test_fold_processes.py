"""Folders that die at any moment, two at a time, lose nothing and count nothing twice."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from portal import journal
from portal.db import Database
from portal.models import UsageFold, UsageInbox
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NOW, load_lists, make_sample, send

KILLS = 8
PIECES = KILLS * 15


def _start(url: str, *more: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "tests.usage.folding_process", url, *more])


def _version(database: Database) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(UsageFold.version)) or 0


def _wait_for_work(database: Database, version: int) -> None:
    """Until the folders have got somewhere: then they are in the midst of it."""
    for _ in range(30_000):
        if _version(database) > version:
            return
        time.sleep(0.01)
    raise AssertionError("no folder did anything for five minutes")


@pytest.mark.processes
def test_killed_at_random_moments(database: Database, database_url: str) -> None:
    sample = make_sample(bursts=50)
    load_lists(database, sample)
    chance = random.Random(11)
    folders = [_start(database_url) for _ in range(2)]
    try:
        for kill in range(KILLS):
            version = _version(database)
            for piece in range(kill, PIECES, KILLS):
                send(database, sample.events[piece::PIECES])
            _wait_for_work(database, version)
            time.sleep(chance.random() * 0.05)
            victim = folders.pop(0)
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
            folders.append(_start(database_url))
    finally:
        for folder in folders:
            folder.kill()
            folder.wait()
    fold_pending(database, NOW)
    assert_exact(database, truth_of(sample))


@pytest.mark.processes
def test_killed_between_the_two_commits(database: Database, database_url: str) -> None:
    """The main file has the steps, the inbox beside it still has all of their rows."""
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    beside = database.journal is not None
    for piece in range(6):
        send(database, sample.events[piece::12])
        send(database, sample.events[piece + 6 :: 12])
        database.appender.close()  # nobody writes that part of the journal any more
        version = _version(database)
        victim = _start(database_url, "--between")
        assert victim.wait(60) == -signal.SIGKILL
        assert _version(database) == version + 1
        assert _rows_left(database) == (2 * (piece + 1) if beside else 0)
    fold_pending(database, NOW)
    assert _rows_left(database) == 0
    assert_exact(database, truth_of(sample))


def _rows_left(database: Database) -> int:
    """Also those that the main file knows as folded."""
    if database.journal is not None:
        folder = database.journal
        return sum(len(list(journal.frames(folder, part, 0))) for part in journal.parts(folder))
    with database.engine.connect() as connection:
        return connection.execute(select(func.count(UsageInbox.id))).scalar_one()
