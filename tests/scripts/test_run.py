"""`make run` with real web and worker processes: ready, stopped whole, and honest about trouble."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.console import ROOT
from scripts.run import READY, _readiness
from tests.ports import free_port

# As `python -m scripts.run`, without looking whether the packages are there: they are.
START = (
    "from scripts import bootstrap, console, run; "
    "bootstrap.ensure = lambda: False; console.start(run.main)"
)
SECONDS = 300
pytestmark = pytest.mark.processes


@contextmanager
def _running(data: Path, port: int, **more: str) -> Iterator[subprocess.Popen[str]]:
    environ = {name: value for name, value in os.environ.items() if "PACELINE" not in name}
    environ |= {
        "PACELINE_DATA_DIR": str(data),
        "PACELINE_PORT": str(port),
        "PACELINE_ENVIRONMENT": "test",
        **more,
    }
    with subprocess.Popen(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    pytest.fail(f"never said {words!r}:\n{''.join(said)}")


def _processes_of(data: Path) -> list[int]:
    """Whoever has the data folder in its environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(data).encode() in environ:
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_gets_ready_and_stops_whole(tmp_path: Path, ending: signal.Signals) -> None:
    port = free_port()
    with _running(tmp_path, port) as process:
        _wait_for(process, "Ctrl-C stops everything")
        assert _readiness(port) == READY
        assert len(_processes_of(tmp_path)) >= 3
        process.send_signal(ending)
        output, _ = process.communicate(timeout=SECONDS)
        assert (process.returncode, output.strip()) == (0, "Stopping")
    assert _processes_of(tmp_path) == []


def test_a_killed_web_process_takes_the_worker_with_it(tmp_path: Path) -> None:
    with _running(tmp_path, free_port()) as process:
        _wait_for(process, "Ctrl-C stops everything")
        web = [
            pid for pid in _processes_of(tmp_path) if _command(pid).endswith("serve --workers 1")
        ]
        for pid in web:
            os.kill(pid, signal.SIGKILL)
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "The web process was ended by SIGKILL; the others were stopped too" in output
    deadline = time.monotonic() + SECONDS
    while _processes_of(tmp_path):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_weak_secret_in_production_is_a_sentence(tmp_path: Path) -> None:
    weak = {"PACELINE_ENVIRONMENT": "production", "PACELINE_SECRET_KEY": "changeme"}
    with _running(tmp_path, free_port(), **weak) as process:
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "PACELINE_SECRET_KEY is missing or weak" in output
    assert "Traceback" not in output


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return words.replace(b"\0", b" ").decode().strip()
