"""`make lock`: pyproject.toml resolved into one lock file, for every Python and with hashes."""

import os

from scripts import environment, indexes
from scripts.console import Stop, logged, say, start

COMMAND = [
    "pip", "compile", "pyproject.toml", "--extra", "dev", "--extra", "semantic", "--universal",
    "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links",
    "--custom-compile-command", "make lock", "--output-file", "requirements.lock", "--quiet",
]  # fmt: skip


def main() -> int:
    environment.prepare()
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    command: environment.Command = [environment.BIN / "uv", *COMMAND, *upgrade]
    if not logged(command, environment.LOG, environ=indexes.for_uv(environment.BIN / "python")):
        raise Stop("Could not resolve the dependencies: see var/log/setup.log")
    say("requirements.lock is up to date")
    environment.prepare()
    return 0


if __name__ == "__main__":
    start(main)
