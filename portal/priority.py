"""How much a worker takes of a machine that is busy with readers."""

import os

NICE = 5
"""A third of what a web process gets, where there is not enough for both."""


def give_way() -> None:
    """Called before any other thread begins. Only ever lowers: who started it may want less."""
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, NICE))
