"""How figures of persons are spread, in steps wide enough that nobody stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """Persons with a figure from `low` up to, not including, `high`; None: no upper end."""

    low: int
    high: int | None
    persons: int


def spread(figures: Sequence[int], edges: Sequence[int], least: int = 1) -> list[Bucket]:
    """Buckets between the rising `edges`, the last one open. Where `least` is above one,
    neighbours are joined until each holds at least so many; none where there are fewer at all.
    """
    counts = [0] * len(edges)
    for figure in figures:
        counts[max(place for place, edge in enumerate(edges) if figure >= edge)] += 1
    ends = [*edges[1:], None]
    made = [Bucket(*facts) for facts in zip(edges, ends, counts, strict=True)]
    return made if least <= 1 else _joined(made, least)


def _joined(buckets: Sequence[Bucket], least: int) -> list[Bucket]:
    done: list[Bucket] = []
    low, persons = buckets[0].low, 0
    for bucket in buckets:
        persons += bucket.persons
        if persons >= least:
            done.append(Bucket(low, bucket.high, persons))
            low, persons = bucket.high or low, 0
    if done and done[-1].high is not None:
        last = done.pop()
        done.append(Bucket(last.low, None, last.persons + persons))
    return done
