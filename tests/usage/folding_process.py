"""A process that folds until it is killed: `python -m tests.usage.folding_process URL`.

With `--large` its steps are as large as a worker's, with `--worker` it takes a worker's pauses and
priority as well. With `--between` it dies by its own hand after
the commit of its first step, before any folded row leaves an inbox that is a file of its own.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy.orm import Session

from portal.db import Database
from portal.priority import give_way
from portal.usage import inbox, steps
from portal.usage.fold import fold_pending
from tests.usage.sample import NOW

PAUSE = 5


def main() -> None:
    if not {"--large", "--worker"} & set(sys.argv):
        steps.STEP_ROWS = 2
    if "--worker" in sys.argv:
        give_way()
    database = Database(sys.argv[1])
    if "--between" in sys.argv:
        steps._write = _die_after(steps._write)  # the seam that the test is about
        inbox.sweep = _nothing
    while True:
        fold_pending(database, NOW)
        time.sleep(PAUSE if "--worker" in sys.argv else 0.01)


def _nothing(session: Session) -> None:
    """The death comes between the two commits."""
    del session


def _die_after(write: Callable[..., object]) -> Callable[..., NoReturn]:
    def written(*arguments: object) -> NoReturn:
        write(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")

    return written


if __name__ == "__main__":
    main()
