"""Segment's real client for Node against the real portal: `python -m tests.clients.segment_node`.

Needs node, npm and the network, so it is no part of `make test`; what the client sends is replayed
there byte for byte (tests/processes/test_segment_node.py).
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.databases import make_tables, open_database
from tests.processes.intake import counted, fold, refused, write_key
from tests.processes.portal_process import PortalProcess
from tests.world import build_world

HERE = Path(__file__).parent
TRACKED = 5_000


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("package.json", "send.mjs"):
            shutil.copy(HERE / file, folder)
        subprocess.run(["npm", "install", "--silent", "--no-fund"], cwd=folder, check=True)
        found, wrong = send_all(folder)
    arrived = sum(found.values())
    sys.stdout.write(f"{TRACKED + 2} sent, {arrived} counted, refused: {wrong}\n")
    return 0 if arrived == TRACKED + 2 and not wrong else 1


def send_all(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    url = f"sqlite:///{folder / 'paceline.db'}"
    make_tables(url)
    database = open_database(url)
    build_world(database)
    portal = PortalProcess(url, folder)
    portal.start()
    try:
        command = ["node", "send.mjs", portal.address, write_key(database), str(TRACKED)]
        subprocess.run(command, cwd=folder, check=True)
    finally:
        portal.kill()
    fold(database)
    answer = counted(database), refused(database)
    database.dispose()
    return answer


if __name__ == "__main__":
    sys.exit(main())
