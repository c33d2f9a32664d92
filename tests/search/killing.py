"""Writers killed at random moments, each checked: `python -m tests.search.killing FOLDER COUNT`.

Each round forks a process that rebuilds and revises without end, kills it within some milliseconds
and opens what is there. Printed: how often the writer had moved on, and how often it had been in
the middle of something.
"""

import itertools
import os
import random
import signal
import sys
import time
from pathlib import Path

from portal.search import Document, Engine
from tests.search.library import PUBLIC, document, random_documents

LONGEST_SECONDS, WRITES = 0.06, 4
"""A writer lives so long at most, or as long as so many writes take where that is longer."""
FILLING = random_documents(1, 40)


def state(number: int) -> Document:
    return document("state", f"The state number{number}")


def write_for_ever(folder: Path) -> None:
    engine = Engine(folder)
    for number in itertools.count((engine.change_number or 0) + 1):
        if number % 5:
            engine.revise([state(number)], {"state"}, number)
        else:
            engine.rebuild([*FILLING, state(number)], number)


def check(folder: Path) -> int:
    engine = Engine(folder)
    number = engine.change_number
    assert number is not None
    for asked in range(max(0, number - 6), number + 6):
        found = engine.search(f"number{asked}", locale="en", audiences=PUBLIC)
        assert found.total == (asked == number), (asked, number)
    assert len(engine.changes()) == len({one.item_id for one in FILLING}) + 1
    return number


def main(folder: Path, rounds: int) -> None:
    dice = random.Random(8)
    Engine(folder).rebuild([*FILLING, state(0)], 0)
    began = time.monotonic()
    Engine(folder).rebuild([*FILLING, state(1)], 1)
    longest = max(LONGEST_SECONDS, WRITES * (time.monotonic() - began))
    before, moved, interrupted = 1, 0, 0
    for _ in range(rounds):
        child = os.fork()
        if not child:
            write_for_ever(folder)
        time.sleep(dice.random() * longest)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        interrupted += any(folder.rglob("*.unfinished"))
        number = check(folder)
        moved += number > before
        before = number
    sys.stdout.write(f"{moved} {interrupted}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
