"""What the scripts say: short sentences, and one that ends them when something is wrong."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
INTERRUPTED = 130


class Stop(Exception):
    """Ends a script with one sentence for the person at the terminal."""


def say(text: str) -> None:
    print(text, flush=True)


def start(main: Callable[[], int]) -> NoReturn:
    """Runs a script: a Stop becomes its sentence; Ctrl-C, SIGTERM and a closed terminal end it."""
    os.chdir(ROOT)
    # Said aloud for SIGINT too: a shell's background job begins with it ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        status = main()
    except Stop as reason:
        sys.stdout.flush()
        print(reason, file=sys.stderr, flush=True)
        status = 1
    except KeyboardInterrupt:
        status = INTERRUPTED
    sys.exit(status)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def logged(
    command: Iterable[str | Path], log: Path, *, environ: dict[str, str] | None = None
) -> bool:
    """Runs a command with its output appended to a log file; whether it went well."""
    words = [str(word) for word in command]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        output.write(f"\n$ {shlex.join(words)}\n".encode())
        output.flush()
        return (
            subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environ,
                check=False,
            ).returncode
            == 0
        )
