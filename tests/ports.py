"""Ports for servers that tests start, of which no two tests have the same.

A port that was only found free may be another test's a moment later: where both servers share it
(SO_REUSEPORT), the one seems to answer while it is the other, and refuses once that is gone. So a
port is held by a lock on a file for as long as this process lives, and lies below those that the
system gives to outgoing connections.
"""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

PORTS = range(20_000, 30_000)
FOLDER = Path(tempfile.gettempdir()) / f"paceline-test-ports-{os.getuid()}"
_HELD: list[IO[bytes]] = []


def free_port() -> int:
    """Of 127.0.0.1; nobody else gets it while this process lives."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    for port in random.sample(PORTS, len(PORTS)):
        if _take(port):
            return port
    raise RuntimeError("No port is left.")


def _take(port: int) -> bool:
    lock = (FOLDER / str(port)).open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        lock.close()
        return False
    _HELD.append(lock)
    return True
