"""A text in pieces short enough to mean one thing, for the comparison of meanings."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 450
"""Width of a piece in Latin letters; a Chinese character says as much as two and a half."""
MOST = 12
"""Pieces of one text; what stands after them is found by its words alone."""
_HAN_WIDTH = 2.5
_HAN_FROM = "\u2e80"
_ENDS = "\n.。!！?？;；"


class Passage(NamedTuple):
    """`start` and `end` are places in the body; `text` is what is compared, with the title."""

    start: int
    end: int
    text: str

    @property
    def digest(self) -> int:
        """Names the text, in 64 bits."""
        content = self.text.encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def passages(title: str, body: str) -> list[Passage]:
    """At least one, if there is any text."""
    spans = list(_spans(body))[:MOST] or [(0, 0)]
    made = [Passage(start, end, f"{title}\n{body[start:end]}".strip()) for start, end in spans]
    return [one for one in made if one.text]


def _spans(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(body):
        end = _end(body, start)
        if body[start:end].strip():
            yield start, end
        start = end


def _end(body: str, start: int) -> int:
    """Where the widest piece ends that begins there, at the end of a line or a sentence if one is
    in its second half.
    """
    narrow = sum(one < _HAN_FROM for one in body[start : start + LONGEST])
    han = min(LONGEST, len(body) - start) - narrow
    share = han / max(1, narrow + han)
    furthest = start + int(LONGEST / (1 + (_HAN_WIDTH - 1) * share))
    if furthest >= len(body):
        return len(body)
    half = (start + furthest) // 2
    for ends in ("\n", _ENDS):
        at = max(body.rfind(end, half, furthest) for end in ends)
        if at >= 0:
            return at + 1
    return furthest
