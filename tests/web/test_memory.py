"""What a process remembers of its pages."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.web.memory import Memory


def test_a_text_is_made_once_however_many_ask() -> None:
    memory, made, together = Memory(), [], Barrier(8)

    def make() -> str:
        made.append(1)
        return "text"

    def ask(_number: int) -> str:
        together.wait()
        return memory.remember("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"text"}
    assert len(made) == 1


def test_the_least_recently_used_is_forgotten() -> None:
    memory = Memory(limit=30)
    for key in "abc":
        memory.remember(key, lambda: "x" * 10)
    memory.remember("a", lambda: "made again")
    memory.remember("d", lambda: "y" * 10)
    assert memory.remember("a", lambda: "made again") == "x" * 10
    assert memory.remember("b", lambda: "made again") == "made again"


def test_letters_beyond_latin_take_twice_the_room() -> None:
    memory = Memory(limit=120)
    memory.remember("narrow", lambda: "x" * 60)
    memory.remember("wide", lambda: "\N{EN DASH}" * 40)
    assert memory.remember("narrow", lambda: "made again") == "made again"


def test_what_is_too_large_is_not_kept() -> None:
    memory = Memory(limit=5)
    assert memory.remember("key", lambda: "too long") == "too long"
    assert memory.remember("key", lambda: "short") == "short"


def test_after_a_failure_the_next_may_try() -> None:
    memory = Memory()

    def fail() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        memory.remember("key", fail)
    assert memory.remember("key", lambda: "text") == "text"
