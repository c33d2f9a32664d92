"""A file, what was last loaded of it, and what is published now: which of the last two has changed.

Digests tell them apart. "Ours" is what the portal says, "theirs" what the files say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

OURS, THEIRS = "ours", "theirs"
SIDES = (OURS, THEIRS)


class Standing(StrEnum):
    """Of one file. NEW: nothing is published there. SAME: both say the same. FILE: only the file
    has changed since it was loaded. HERE: only the portal's text has. BOTH: a conflict.
    """

    NEW = "new"
    SAME = "same"
    FILE = "file"
    HERE = "here"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Stored:
    """`digest` of what is published, empty where it was withdrawn; `loaded`: of the file that was
    last loaded, empty for none.
    """

    digest: str
    loaded: str


def standing(file: str, stored: Stored | None) -> Standing:
    """`file`: the digest of the file."""
    if stored is None:
        return Standing.NEW
    if stored.digest == file:
        return Standing.SAME
    if file == stored.loaded:
        return Standing.HERE
    return Standing.FILE if stored.digest == stored.loaded else Standing.BOTH


def settle(
    standings: Mapping[str, Standing], side: str | None, *, agree: bool
) -> tuple[dict[str, Standing], frozenset[str]]:
    """Of one item, by language: what becomes of each file, and the languages in conflict. `agree`:
    the files and the portal say the same of all that the languages share.

    Where some files and some of the portal's texts are newer, both are taken if what they share
    is the same. `side` settles what is in conflict, and nothing else.
    """
    found = set(standings.values())
    newer_file = found & {Standing.FILE, Standing.NEW}
    mixed = Standing.HERE in found and newer_file and not agree
    if Standing.BOTH not in found and not mixed:
        return dict(standings), frozenset()
    fighting = {Standing.BOTH} | (
        {Standing.FILE, Standing.HERE, Standing.NEW} if not agree else set()
    )
    conflicts = frozenset(one for one, how in standings.items() if how in fighting)
    if side is None:
        return dict(standings), conflicts
    to = Standing.FILE if side == THEIRS else Standing.HERE
    return {one: to if one in conflicts else how for one, how in standings.items()}, frozenset()
