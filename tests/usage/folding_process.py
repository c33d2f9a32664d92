"""A process that folds until it is killed: `python -m tests.usage.folding_process URL`."""

import sys
import time

from portal.db import Database
from portal.usage import steps
from portal.usage.fold import fold_pending
from tests.usage.sample import NOW


def main() -> None:
    steps.STEP_ROWS = 2
    database = Database(sys.argv[1])
    while True:
        fold_pending(database, NOW)
        time.sleep(0.01)


if __name__ == "__main__":
    main()
