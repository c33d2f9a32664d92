"""Where nobody learns what new texts mean, a serving process sees to it."""

import itertools
from collections.abc import Callable

import pytest

from portal.search import Engine
from portal.web.search_learning import LONGEST_SECONDS, LOOK_SECONDS, PATIENCE_SECONDS, Learning


class Unlearnt(Engine):
    def __init__(self) -> None:
        self.left = 0

    def unlearnt(self) -> int:
        return self.left


class Process:
    ended: int | None = None

    def poll(self) -> int | None:
        return self.ended


class Machine:
    """One that serves; time goes on between two looks."""

    def __init__(self) -> None:
        self.engine, self.time, self.started = Unlearnt(), 0.0, list[Process]()
        clock: Callable[[], float] = lambda: self.time  # noqa: E731 - read anew each time
        self.learning = Learning(self.engine, start=self._start, clock=clock)

    def _start(self) -> Process:
        self.started.append(Process())
        return self.started[-1]

    def look(self, left: int, after: float = 0.5) -> int:
        """How many processes were started so far."""
        self.engine.left, self.time = left, self.time + after
        self.learning.look()
        return len(self.started)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_nothing_is_started_where_all_is_learnt(machine: Machine) -> None:
    assert machine.look(0, 1e6) == machine.look(0, 1e6) == 0


def test_nothing_is_started_while_somebody_makes_progress(machine: Machine) -> None:
    for left in range(20, 0, -1):
        assert machine.look(left, PATIENCE_SECONDS - 1) == 0


def test_a_process_is_started_where_nobody_does_and_one_at_a_time(machine: Machine) -> None:
    assert machine.look(7) == 0
    assert machine.look(7, PATIENCE_SECONDS - 1) == 0
    assert machine.look(7, 1) == 0
    assert machine.look(7, LOOK_SECONDS) == 1
    assert machine.look(7, 1e6) == 1
    machine.started[0].ended = 0
    assert machine.look(0) == 1


def test_one_that_learns_nothing_is_tried_again_ever_less_often(machine: Machine) -> None:
    machine.look(7)
    starts = []
    while machine.time < 3 * LONGEST_SECONDS:
        before = len(machine.started)
        if machine.look(7, 10.0) > before:
            starts.append(machine.time)
            machine.started[-1].ended = 1
    pauses = [later - sooner for sooner, later in itertools.pairwise(starts)]
    assert pauses[:3] == [120.0, 240.0, 480.0]
    assert max(pauses) <= LONGEST_SECONDS
