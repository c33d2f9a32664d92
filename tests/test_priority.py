"""A worker lets readers go first."""

import os
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from portal.commands import working
from portal.commands.context import Runtime
from portal.priority import NICE
from tests.apps import make_settings

TWICE = (
    "from portal.priority import give_way as g; import os; g(); g(); print(os.getpriority(0, 0))"
)


def test_it_gives_way_however_often_it_is_told() -> None:
    told = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, check=True)
    assert int(told.stdout) == max(NICE, os.getpriority(os.PRIO_PROCESS, 0))


@pytest.mark.parametrize(("asked", "expected"), [([], ["way", "run"]), (["--once"], ["run"])])
def test_only_a_lasting_worker_gives_way(
    monkeypatch: pytest.MonkeyPatch, asked: list[str], expected: list[str]
) -> None:
    done: list[str] = []

    def run(_settings: Any, *, once: bool) -> None:
        assert once is bool(asked)
        done.append("run")

    monkeypatch.setattr(working, "give_way", lambda: done.append("way"))
    monkeypatch.setattr(working, "run_worker", run)
    runtime = Runtime()
    runtime.__dict__["settings"] = make_settings()
    CliRunner().invoke(working.worker, asked, obj=runtime, catch_exceptions=False)
    assert done == expected
