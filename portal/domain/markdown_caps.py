"""What a text may hold before the parser is called: it takes seconds for `[a](` five thousand
times and overflows its stack for deep lists. Each cap was measured at its worst (tests/domain).
"""

import re
from collections.abc import Iterator

from portal.domain.errors import Invalid

LARGEST = 64 * 1024
"""Bytes of UTF-8 that one text may have."""
_MOST = {
    "[": 500,
    "(": 1000,
    "*": 3000,
    "_": 3000,
    "`": 2000,
    "\\": 2000,
    "<": 1000,
    "&": 1000,
    "|": 5000,
    "!!!": 50,
}
_MOST_LINES = 4000
_MOST_BLOCKS = 1500
_MOST_HEADINGS = 100
_DEEPEST = 6
_WIDEST_INDENT = 32
_MARKERS = re.compile(r"(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$)")
_LEADING = re.compile(r"^[ \t]*(?:(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$)[ \t]*)+", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_HEADING = re.compile(r"^(?:#|=+[ ]*$|-+[ ]*$)", re.MULTILINE)
_BLOCK = re.compile(r"\n[ \t]*\n(?!\s)|^[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def hold_to_caps(body: str) -> None:
    """Raises Invalid (member "body") for what is too large or nested too deep."""
    if len(body.encode("utf-8", "surrogatepass")) > LARGEST:
        raise refusal(f"The text is longer than {LARGEST // 1024} kB: split it into two.")
    if _CONTROL.search(body):
        raise refusal("The text holds a control character: type it again as plain text.")
    for mark, most in _MOST.items():
        if body.count(mark) > most:
            raise refusal(f"The text has more than {most} times “{mark}”: split it into two.")
    for what, count, most in _counts(body):
        if count > most:
            raise refusal(f"The text has more than {most} {what}: split it into two.")
    if any(depth > _DEEPEST for depth in _depths(body)):
        raise refusal("The text is nested too deep: use flat lists and quotes.")


def refusal(words: str) -> Invalid:
    return Invalid(words, fields={"body": words})


def _counts(body: str) -> Iterator[tuple[str, int, int]]:
    yield "headings", sum(1 for _ in _HEADING.finditer(body)), _MOST_HEADINGS
    yield "lines", body.count("\n"), _MOST_LINES
    yield "paragraphs and items", sum(1 for _ in _BLOCK.finditer(body)), _MOST_BLOCKS


def _depths(body: str) -> Iterator[float]:
    for leading in _LEADING.finditer(body):
        yield len(_MARKERS.findall(leading.group()))
    for indent in _INDENT.finditer(body):
        yield len(indent.group().expandtabs(4)) * _DEEPEST / _WIDEST_INDENT
