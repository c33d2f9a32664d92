"""What a process keeps is made once and in bounds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.domain.shelf import Shelf
from portal.domain.turns import Turns


def test_a_thing_is_made_once_however_many_ask() -> None:
    shelf, made, together = Shelf(), [], Barrier(8)

    def make() -> list[int]:
        made.append(1)
        return [1]

    def ask(_number: int) -> list[int]:
        together.wait()
        return shelf.once("key", make, 10)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert len(made) == 1
    assert all(one is found[0] for one in found)


def test_what_is_too_large_is_made_each_time() -> None:
    shelf = Shelf(limit=5)
    assert shelf.once("key", lambda: "a", 10) == "a"
    assert shelf.once("key", lambda: "b", 10) == "b"


def test_another_key_does_not_wait_and_a_failure_ends_the_turn() -> None:
    turns = Turns()
    with turns.turn("a"), turns.turn("b"):
        pass
    with pytest.raises(LookupError), turns.turn("a"):
        raise LookupError
    with turns.turn("a"):
        pass
