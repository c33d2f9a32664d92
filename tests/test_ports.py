"""Processes of tests never get the same port."""

import socket
import subprocess
import sys

from tests.ports import PORTS, free_port

ASK = (
    "import tests.ports as ports; ports.PORTS = range(20_100, 20_160); "
    "print([ports.free_port() for _ in range(20)], flush=True); input()"
)


def test_what_is_held_is_given_to_nobody_else() -> None:
    """Two processes at once, drawing from few ports."""
    run = [sys.executable, "-c", ASK]
    both = [
        subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.stdout.readline() if one.stdout else "" for one in both]
    for one in both:
        one.communicate("\n", timeout=30)
    ports = [int(port) for line in said for port in line.strip("[]\n").split(",")]
    assert len(set(ports)) == len(ports) == 40


def test_it_can_be_listened_to() -> None:
    port = free_port()
    assert port in PORTS
    with socket.socket() as server:
        server.bind(("127.0.0.1", port))
        server.listen()
