"""However the messages arrive, the answers are those of brute force."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.journal import parts
from portal.models import UsageJournal
from portal.tenancy import system_scope
from portal.usage import steps
from portal.usage.fold import FoldReport, fold_pending, inbox_is_empty
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NOW, Sample, load_lists, make_sample, send, send_all

Answers = dict[tuple[str, date], dict[str, Any]]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample()


@pytest.fixture(scope="module")
def truth(sample: Sample) -> Answers:
    return truth_of(sample)


def test_all_at_once(database: Database, sample: Sample, truth: Answers) -> None:
    load_lists(database, sample)
    send_all(database, sample.events)
    report = fold_pending(database, NOW)
    distinct = len({event["messageId"] for event in sample.events})
    assert report.events == distinct
    assert report.duplicates == len(sample.events) - distinct > 0
    assert_exact(database, truth)


@pytest.mark.parametrize("window", [1, 7, 41])
def test_other_windows(sqlite_database: Database, sample: Sample, window: int) -> None:
    load_lists(sqlite_database, sample)
    send_all(sqlite_database, sample.events)
    fold_pending(sqlite_database, NOW)
    assert_exact(sqlite_database, truth_of(sample, window), window)


def test_the_same_again_and_shuffled(database: Database, sample: Sample, truth: Answers) -> None:
    load_lists(database, sample)
    send_all(database, sample.events)
    fold_pending(database, NOW)
    shuffled = random.Random(3).sample(sample.events, len(sample.events))
    send_all(database, shuffled, 7)
    assert fold_pending(database, NOW).events == 0
    assert_exact(database, truth)


def test_fifty_pieces_folded_one_by_one(
    sqlite_database: Database, sample: Sample, truth: Answers
) -> None:
    load_lists(sqlite_database, sample)
    for piece in range(50):
        send(sqlite_database, sample.events[piece::50])
        fold_pending(sqlite_database, NOW)
    assert_exact(sqlite_database, truth)


def test_small_steps(
    sqlite_database: Database,
    sample: Sample,
    truth: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "STEP_ROWS", 3)
    monkeypatch.setattr(steps, "STEP_MESSAGES", 40)
    load_lists(sqlite_database, sample)
    send_all(sqlite_database, sample.events, 60)
    assert fold_pending(sqlite_database, NOW).requests == 60
    assert_exact(sqlite_database, truth)


def test_four_senders_and_two_folders(database: Database, sample: Sample, truth: Answers) -> None:
    load_lists(database, sample)

    def folder(_number: int) -> list[FoldReport]:
        return [fold_pending(database, NOW) for _ in range(12)]

    with ThreadPoolExecutor(6) as pool:
        folds = [pool.submit(folder, number) for number in range(2)]
        sends = [pool.submit(send, database, sample.events[piece::50]) for piece in range(50)]
        for one in sends:
            one.result()
        reports = [report for fold in folds for report in fold.result()]
    reports.append(fold_pending(database, NOW))
    assert sum(one.events for one in reports) == len({e["messageId"] for e in sample.events})
    assert_exact(database, truth)


def test_events_before_their_account(database: Database, sample: Sample, truth: Answers) -> None:
    send_all(database, sample.events)
    kept = fold_pending(database, NOW)
    assert kept.kept_aside == len(sample.events)
    assert kept.events == 0
    load_lists(database, sample)
    back = fold_pending(database, NOW)
    assert back.events == len({event["messageId"] for event in sample.events})
    assert_exact(database, truth)


def test_the_inbox_is_empty_after_a_fold(sqlite_database: Database, sample: Sample) -> None:
    load_lists(sqlite_database, sample)
    with sqlite_database.session(system_scope(NOW, "test")) as session:
        assert inbox_is_empty(session)
    send(sqlite_database, sample.events[:5])
    with sqlite_database.session(system_scope(NOW, "test")) as session:
        assert not inbox_is_empty(session)
    fold_pending(sqlite_database, NOW)
    with sqlite_database.session(system_scope(NOW, "test")) as session:
        assert inbox_is_empty(session)


def test_folded_files_go_and_a_copy_put_back_counts_for_nothing(
    sqlite_database: Database, sample: Sample
) -> None:
    load_lists(sqlite_database, sample)
    send(sqlite_database, sample.events[:5])
    folder = sqlite_database.journal
    assert folder is not None
    (name,) = parts(folder)
    copy = (folder / name).read_bytes()
    assert fold_pending(sqlite_database, NOW).requests == 1
    assert parts(folder) == [name]  # its writer lives
    sqlite_database.appender.close()
    fold_pending(sqlite_database, NOW)
    assert parts(folder) == []
    (folder / name).write_bytes(copy)
    assert fold_pending(sqlite_database, NOW).requests == 0
    assert parts(folder) == []
    later = datetime.now(UTC) + timedelta(days=61)
    send(sqlite_database, sample.events[:5])
    fold_pending(sqlite_database, later)
    with sqlite_database.session(system_scope(NOW, "test")) as session:
        assert set(session.scalars(select(UsageJournal.part))) == set(parts(folder))
