"""The crew of `make run`: it stops together, down to the children's children."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.console import Stop
from scripts.processes import Crew

SLEEPS = "import time; time.sleep(60)"
# Starts a child of its own, writes down its number, and sleeps.
HAS_A_CHILD = (
    "import subprocess, sys, time; "
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); "
    "print(child.pid, flush=True); time.sleep(60)"
)
IGNORES_TERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    with Crew(dict(os.environ), tmp_path) as crew:
        yield crew


def _text(file: Path) -> str:
    deadline = time.monotonic() + 120
    while not (text := file.read_text(encoding="utf-8").strip()):
        assert time.monotonic() < deadline, f"nothing in {file.name}"
        time.sleep(0.02)
    return text


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_member_that_ends_is_told_with_its_last_words(crew: Crew) -> None:
    crew.add("worker", sys.executable, "-c", SLEEPS)
    crew.add("web", sys.executable, "-c", "print('no room on the disk'); raise SystemExit(3)")
    with pytest.raises(Stop, match=r"(?s)no room on the disk.*web process ended with exit code 3"):
        crew.watch()


def test_a_killed_member_is_told_by_its_signal(crew: Crew) -> None:
    crew.add("web", sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(Stop, match="web process was ended by SIGKILL"):
        crew.watch()


def test_the_childrens_children_stop_too(tmp_path: Path) -> None:
    with Crew(dict(os.environ), tmp_path) as crew:
        crew.add("web", sys.executable, "-c", HAS_A_CHILD)
        grandchild = int(_text(tmp_path / "web.log"))
        assert _is_alive(grandchild)
    deadline = time.monotonic() + 120
    while _is_alive(grandchild):
        assert time.monotonic() < deadline, "the child's child goes on"
        time.sleep(0.02)


def test_one_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.processes.PATIENCE_SECONDS", 0.2)
    with Crew(dict(os.environ), tmp_path) as crew:
        crew.add("web", sys.executable, "-c", IGNORES_TERM)
        _text(tmp_path / "web.log")
    with pytest.raises(Stop, match="SIGKILL"):
        crew.check()


def test_ctrl_c_is_an_ordinary_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Crew(dict(os.environ), tmp_path) as crew:
        crew.add("web", sys.executable, "-c", SLEEPS)
        raise KeyboardInterrupt
    assert "Stopping" in capsys.readouterr().out
