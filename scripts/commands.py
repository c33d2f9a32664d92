"""Several `paceline` commands in one process of the virtual environment: each start costs a second.

    python -m scripts.commands "migrate" "demo --if-empty" "demo --logins > var/logins"

`> FILE` keeps what a command says in a file. The first that fails ends it, with its exit code.
"""

import contextlib
import shlex
import sys
from pathlib import Path

from portal.cli import main as paceline


def main(lines: list[str]) -> int:
    for line in lines:
        command, _, file = line.partition(" > ")
        if status := _run(command, Path(file) if file else None):
            print(f"`paceline {command}` failed", file=sys.stderr)
            return status
    return 0


def _run(command: str, file: Path | None) -> int:
    sys.argv = ["paceline", *shlex.split(command)]
    with contextlib.ExitStack() as stack:
        if file is not None:
            output = stack.enter_context(file.open("w", encoding="utf-8"))
            stack.enter_context(contextlib.redirect_stdout(output))
        try:
            paceline()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
