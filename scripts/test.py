"""`make test`: its own set-up, then every test. What it cannot set up is a failure."""

import os
import shlex

from scripts import environment, system
from scripts.console import Stop, say, start

WORKERS = "2"


def main() -> int:
    environment.prepare()
    system.provide_headless()
    system.require({**system.PDF, **system.TESTS}, "for the tests")
    browser = system.chromium()
    if browser is None:
        raise Stop("PACELINE_TEST_CHROMIUM names no program")
    os.environ.update(environment.variables(PACELINE_TEST_CHROMIUM=browser))
    # Hundreds of processes are started: none needs to compile again what the first has compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    say("Running the tests")
    pytest = ["-m", "pytest", "-n", WORKERS, "--dist", "worksteal"]
    arguments = shlex.split(os.environ.get("ARGS", ""))
    return environment.run([environment.BIN / "python", *pytest, *arguments])


if __name__ == "__main__":
    start(main)
