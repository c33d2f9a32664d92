"""`make setup`: everything that Paceline needs on a fresh machine, and nothing else."""

from scripts import environment, system
from scripts.console import say, start


def ensure() -> bool:
    """Sets up what is missing; whether anything was."""
    changed = environment.prepare()
    wanted = system.missing(system.PDF)
    lacking = system.provide(system.PDF, "for PDF reports") if wanted else []
    if lacking:
        say(f"PDF reports will be refused until this is there: {system.advice(lacking)}")
    return changed or wanted != lacking


def main() -> int:
    say("Set up. Next: make run" if ensure() else "Everything is set up already. Next: make run")
    return 0


if __name__ == "__main__":
    start(main)
