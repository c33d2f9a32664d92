"""Lives of three accounts: sequences of acts, drawn from a seed, repeated, and made shorter."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from portal.domain.errors import DomainError
from tests.security.request_acts import BY_CUSTOMERS, hand_in_one
from tests.security.three_accounts import Three
from tests.security.vendor_acts import BY_VENDOR, settle, share, time_passes

Steps = Sequence[tuple[int, str]]
BEGINNING = (settle, *(hand_in_one,) * 3, share, share, time_passes)
ALL = (*BY_CUSTOMERS, *BY_VENDOR)
ACTS = {act.__name__: act for act in (*BEGINNING, *ALL)}
MOST_TRIES = 25
"""Of an act that nothing was there for, after a life: until it finds something."""


def draw_life(seed: str, length: int) -> Steps:
    """So many acts, each of them at least once, after a beginning of which all may live."""
    random = Random(seed)
    names = [act.__name__ for act in ALL]
    drawn = [*dict.fromkeys(names), *random.choices(names, k=max(length - len(set(names)), 0))]
    random.shuffle(drawn)
    return list(enumerate([*(act.__name__ for act in BEGINNING), *drawn]))


def live(three: Three, seed: str, steps: Steps) -> None:
    """What is refused is refused. A step does the same whatever steps were left out before it,
    as far as it finds the same.
    """
    for number, name in steps:
        three.random = Random(f"{seed} {number} {name}")
        three.now += timedelta(minutes=1)
        three.done.append((number, name))
        try:
            ACTS[name](three)
        except DomainError:
            continue
        three.reached.add(name)


def reach_all(three: Three, seed: str) -> None:
    """What was refused whenever it was tried is tried again, among all the rest, each time after
    something was released anew: after a long silence nothing waits for an answer.
    """
    for _try in range(MOST_TRIES):
        missing = sorted(set(ACTS) - three.reached)
        if not missing:
            return
        number, names = three.done[-1][0], [settle.__name__, *missing]
        live(three, seed, [(number + more, name) for more, name in enumerate(names, 1)])


def shortest(steps: Steps, fails: Callable[[Steps], bool], most: int = 12) -> Steps:
    """Fewer steps with which it still fails: found in at most so many lives, so perhaps not the
    fewest.
    """
    size, lives = len(steps) // 2, 0
    while size:
        at = 0
        while at < len(steps) and lives < most:
            fewer = [*steps[:at], *steps[at + size :]]
            lives += 1
            if fails(fewer):
                steps = fewer
            else:
                at += size
        size //= 2
    return steps
