"""Events as columns: how they lie in the archive (usage/archiving.py), a few bytes each.

Sorted by person and moment, so that a person costs nothing an event, and a moment only its
distance from the one before. Everything else that a message says stands as numbers of a book of
JSON texts, one column for each member; all columns are compressed together.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd

import msgspec
import numpy as np

from portal.usage import packing
from portal.usage.days import Numbers
from portal.usage.moments import SECOND

# Where a member stands ("": in the message itself; "context", "properties"), and its name.
Path = tuple[str, str]
VERSION, FIXED = 1, 4
LEVEL = 19
UNITS = (60 * SECOND, SECOND, 1000, 1)
_HEAD = struct.Struct("<BH")


@dataclass(slots=True)
class Values:
    """One member: `codes` are numbers of `texts` (JSON); 0 stands for none."""

    texts: list[bytes]
    codes: Numbers

    def at(self, position: int) -> bytes:
        return self.texts[int(self.codes[position])]

    def tidied(self) -> "Values":
        """With texts in the order of their first use, and none that is not used."""
        used, first, code = np.unique(self.codes, return_index=True, return_inverse=True)
        # Number 0 is no text, used or not.
        first[used == 0] = -1
        order = np.argsort(first)
        rank = np.empty(used.size, np.int64)
        rank[order] = np.arange(used.size) + (0 not in used)
        texts = [self.texts[one] for one in used[order].tolist() if one]
        return Values([b"", *texts], rank[code])


@dataclass(slots=True)
class Archived:
    """Columns of equal length. `at` is by our clock (microseconds); `person` and `name` are
    numbers of the lists.
    """

    persons: list[str]
    names: list[str]
    person: Numbers
    at: Numbers
    name: Numbers
    milliseconds: Numbers
    values: dict[Path, Values] = field(default_factory=dict)

    def only(self, chosen: Numbers) -> "Archived":
        """Those at these positions, in this order."""
        return Archived(
            self.persons,
            self.names,
            self.person[chosen],
            self.at[chosen],
            self.name[chosen],
            self.milliseconds[chosen],
            {path: Values(one.texts, one.codes[chosen]) for path, one in self.values.items()},
        )

    def texts(self, path: Path) -> Values:
        """The member; where no event has it, none of any."""
        return self.values.get(path) or Values([b""], np.zeros(self.at.size, np.int64))


class _Rest(msgspec.Struct, array_like=True, gc=False):
    base: int
    unit: int
    persons: list[str]
    names: list[str]
    paths: list[Path]
    texts: list[list[bytes]]


def pack(events: Archived) -> bytes:
    found = _in_order(events)
    counts = np.bincount(found.person, minlength=len(found.persons))
    base = int(found.at.min()) if found.at.size else 0
    unit = _unit(found.at - base)
    values = {path: one.tidied() for path, one in found.values.items()}
    values = {path: one for path, one in values.items() if len(one.texts) > 1}
    rest = _Rest(
        base,
        unit,
        found.persons,
        found.names,
        list(values),
        [one.texts[1:] for one in values.values()],
    )
    columns = [
        counts,
        _gaps((found.at - base) // unit, counts),
        found.name,
        found.milliseconds,
        *(one.codes for one in values.values()),
    ]
    packed = packing.pack(columns, msgspec.msgpack.encode(rest), LEVEL)
    return _HEAD.pack(VERSION, len(columns)) + packed


def unpack(body: bytes) -> Archived:
    _version, columns = _HEAD.unpack_from(body)
    found, text = packing.unpack(body[_HEAD.size :], columns)
    counts, gaps, name, milliseconds = found[:FIXED]
    rest = msgspec.msgpack.decode(text, type=_Rest)
    parts = zip(rest.paths, rest.texts, found[FIXED:], strict=True)
    return Archived(
        persons=rest.persons,
        names=rest.names,
        person=np.repeat(np.arange(counts.size), counts),
        at=rest.base + rest.unit * _from_gaps(gaps, counts),
        name=name,
        milliseconds=milliseconds,
        values={path: Values([b"", *texts], codes) for path, texts, codes in parts},
    )


def _in_order(events: Archived) -> Archived:
    """By person, moment and name; persons and names in the order of the alphabet, unused ones
    left out.
    """
    persons, person = _listed(events.persons, events.person)
    names, name = _listed(events.names, events.name)
    events = Archived(persons, names, person, events.at, name, events.milliseconds, events.values)
    return events.only(np.lexsort((name, events.at, person)))


def _listed(texts: Sequence[str], codes: Numbers) -> tuple[list[str], Numbers]:
    used, code = np.unique(codes, return_inverse=True)
    own = [texts[one] for one in used.tolist()]
    # Two numbers of the same text become one.
    listed = sorted(set(own))
    places = {text: place for place, text in enumerate(listed)}
    return listed, np.array([places[text] for text in own], np.int64)[code]


def _unit(distances: Numbers) -> int:
    """The largest unit of which all are multiples: clients send seconds or milliseconds."""
    step = reduce(gcd, np.unique(distances % UNITS[0]).tolist(), UNITS[0])
    return next(unit for unit in UNITS if step % unit == 0)


def _starts(counts: Numbers) -> Numbers:
    starts: Numbers = (np.cumsum(counts) - counts)[counts > 0]
    return starts


def _gaps(values: Numbers, counts: Numbers) -> Numbers:
    """Of each group the first, and then the distances (which may be 0)."""
    gaps = np.diff(values, prepend=0)
    starts = _starts(counts)
    gaps[starts] = values[starts]
    return gaps


def _from_gaps(gaps: Numbers, counts: Numbers) -> Numbers:
    sums = np.cumsum(gaps)
    starts = _starts(counts)
    before = sums[starts] - gaps[starts]
    values: Numbers = sums - np.repeat(before, counts[counts > 0])
    return values
