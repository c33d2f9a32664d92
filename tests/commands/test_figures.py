"""`paceline doctor` compares figures with raw events and says how to mend them; `paceline rebuild`
does.
"""

import re
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.cli import main
from portal.commands import usage
from portal.db import Database
from portal.models import Account, UsageDay, UsageRun
from portal.services.rebuilds import RawKept
from portal.tenancy import system_scope
from portal.usage.comparison import sample_of
from portal.usage.fold import fold_pending
from tests.usage.sample import NOW, load_lists, make_sample, send_all


@pytest.fixture
def filled(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATABASE_URL", database.url)
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    sample = make_sample(bursts=10)
    load_lists(database, sample)
    send_all(database, sample.events)
    fold_pending(database, NOW)
    return database


def spoil(database: Database, key: str) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = session.scalars(select(Account.id).where(Account.key == key)).one()
        session.execute(update(UsageDay).where(UsageDay.account_id == account).values(events=0))
        session.commit()


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["paceline", *words])
    with pytest.raises(SystemExit):
        main()


def test_the_doctor_names_what_differs_and_the_remedy(
    filled: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(filled, "globex")
    if filled.journal is not None:
        (filled.journal / "9-a.torn").write_bytes(b"half")
    run(monkeypatch, "doctor")
    said = capsys.readouterr().out
    assert ("may be deleted: 9-a.torn" in said) == filled.is_sqlite
    assert "BAD  figures: day globex 2026-03-" in said
    assert "to mend it: `paceline rebuild --account globex`" in said
    run(monkeypatch, "rebuild", "--account", "globex")
    assert "events made into figures again." in capsys.readouterr().out
    for words in (["--sample", "3"], ["--figures"]):
        run(monkeypatch, "doctor", *words)
        assert "BAD  figures" not in capsys.readouterr().out
    with filled.session(system_scope(NOW, "test")) as session:
        (kept,) = session.scalars(select(UsageRun)).all()
        assert kept.ended_at is not None
        assert kept.done == kept.total > 0


def test_a_long_log_is_compared_by_its_newest_messages(
    filled: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del filled
    monkeypatch.setattr("portal.commands.doctor.MOST_READ", 10)
    run(monkeypatch, "doctor")
    said = capsys.readouterr().out
    assert re.search(r"ok   figures: .* rows compared, .*, days from \d{4}-\d\d-\d\d on", said)


@pytest.mark.parametrize(
    ("late", "stay", "told"), [(3, False, False), (0, True, False), (3, True, True)]
)
def test_a_rebuild_says_what_it_leaves_uncounted(
    capsys: pytest.CaptureFixture[str], late: int, *, stay: bool, told: bool
) -> None:
    usage._say_late(RawKept(100, NOW, 9, None, late, late_stay=stay))
    assert ("Too late to be counted: 3." in capsys.readouterr().out) == told


def test_an_unknown_account_is_told(
    filled: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del filled
    run(monkeypatch, "rebuild", "--account", "nobody")
    assert "There is no account nobody." in capsys.readouterr().err


def test_all_accounts_have_their_turn(filled: Database) -> None:
    with filled.session(system_scope(NOW, "test")) as session:
        days = [NOW.date().replace(day=day) for day in range(1, 4)]
        found = [set(sample_of(session, 1, day).values()) for day in days]
        assert len(sample_of(session, 9, days[0])) == 3
    assert set.union(*found) == {"acme", "globex", "initech"}
