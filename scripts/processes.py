"""Programs that run together: one that ends takes the others with it."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.console import Stop, say

PATIENCE_SECONDS = 10
TOLD_LINES = 12


class Crew:
    """Starts programs, each in a process group of its own, and stops all of them at the end."""

    def __init__(self, environ: dict[str, str], logs: Path) -> None:
        self._environ = environ
        self._logs = logs
        self._members: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> bool:
        interrupted = kind is not None and issubclass(kind, KeyboardInterrupt)
        if interrupted:
            say("\nStopping")
        self.stop()
        return interrupted

    def add(self, name: str, *command: str | Path) -> None:
        with self._log(name).open("wb") as output:
            self._members[name] = subprocess.Popen(
                [str(word) for word in command],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raises Stop, with the last words of the member that has ended."""
        for name, process in self._members.items():
            if process.poll() is not None:
                raise Stop(f"{self._last_words(name)}\nThe {name} process {_end(process)}")

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        for process in self._members.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in self._members.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal(process, signal.SIGKILL)
            process.wait()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _last_words(self, name: str) -> str:
        text = self._log(name).read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.rstrip().splitlines()[-TOLD_LINES:])


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To the whole group, whose own children outlive it otherwise."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _end(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}; the others were stopped too"
    return f"ended with exit code {code}; the others were stopped too"
