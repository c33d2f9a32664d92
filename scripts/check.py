"""`make check`: everything that can be said about the code without running the portal."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from scripts import bootstrap, environment
from scripts.console import say, start

# The slowest first, two at a time.
CHECKS = {
    "types": ["mypy"],
    "templates, lint": ["djlint", "portal", "reports", "--lint", "--quiet"],
    "templates, format": ["djlint", "portal", "reports", "--check"],
    "layers": ["pytest", "-q", "-n", "0", "--noconftest", "tests/architecture/test_layers.py"],
    "lint": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "."],
}


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    output: str


def main() -> int:
    bootstrap.ensure()
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(_check, CHECKS))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    say(f"{len(outcomes) - len(failed)} of {len(outcomes)} checks passed")
    return 1 if failed else 0


def _check(name: str) -> Outcome:
    began = time.monotonic()
    program, *arguments = CHECKS[name]
    done = subprocess.run(
        [str(environment.BIN / program), *arguments],
        env=environment.variables(NO_COLOR="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outcome = Outcome(name, done.returncode == 0, time.monotonic() - began, done.stdout.strip())
    say(_told(outcome))
    return outcome


def _told(outcome: Outcome) -> str:
    line = f"{outcome.name:<18} {'ok' if outcome.passed else 'FAILED':<7} {outcome.seconds:4.1f} s"
    return line if outcome.passed else f"{line}\n{outcome.output}"


if __name__ == "__main__":
    start(main)
