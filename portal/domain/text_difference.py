"""What changed between two texts, word by word, in English and in Chinese.

Bounded for any input: where two passages repeat themselves so much that comparing them would take
long, the one is shown whole as removed and the other as added.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SAME, ADDED, REMOVED = "same", "added", "removed"
Segment = tuple[str, str]
"""(words, SAME, ADDED or REMOVED), in reading order."""
Cut = Callable[[str], Sequence[str]]

_DEAREST = 300_000
"""Pairs of equal parts that are looked at in one comparison."""
_TOKEN = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*|\s+|.", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ALIKE = 0.3
"""Lines that share less than this are not one line changed, but two lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: same, changed, added, removed."""

    kind: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A key of the front matter whose value differs."""

    key: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    fields: tuple[Change, ...]
    lines: tuple[Line, ...]

    @property
    def empty(self) -> bool:
        return not self.fields and all(line.kind == SAME for line in self.lines)

    @property
    def counts(self) -> tuple[int, int]:
        """(words added, words removed) in the body; a Chinese word counts as one."""
        added = removed = 0
        for line in self.lines:
            for words, kind in line.segments:
                many = sum(1 for one in cut_words(words) if not one.isspace())
                added += many if kind == ADDED else 0
                removed += many if kind == REMOVED else 0
        return added, removed


def characters(run: str) -> Sequence[str]:
    """Cuts a run of Chinese into its characters, for want of a dictionary."""
    return list(run)


def cut_words(text: str, cut: Cut = characters) -> list[str]:
    """Words, single signs and runs of blanks: joined, they are the text."""
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        found.extend(_cut_han(match.group(), cut))
    return found


def compare_texts(before: str, after: str, cut: Cut = characters) -> tuple[Line, ...]:
    """By lines, and by words within a line that changed."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, first, last, start, end in _opcodes(old, new):
        if tag == "equal":
            lines.extend(Line(SAME, ((line, SAME),)) for line in old[first:last])
        else:
            lines.extend(_changed(old[first:last], new[start:end], cut))
    return tuple(lines)


def compare_words(before: str, after: str, cut: Cut = characters) -> tuple[Segment, ...]:
    old, new = _spaced(cut_words(before, cut)), _spaced(cut_words(after, cut))
    segments: list[Segment] = []
    for tag, first, last, start, end in _opcodes(old, new):
        if tag == "equal":
            segments.append(("".join(old[first:last]), SAME))
            continue
        segments.extend(
            [(words, REMOVED)] if (words := "".join(old[first:last])) else [],
        )
        segments.extend([(words, ADDED)] if (words := "".join(new[start:end])) else [])
    return tuple(segments)


def compare_fields(
    before: Mapping[str, Any], after: Mapping[str, Any], cut: Cut = characters
) -> tuple[Change, ...]:
    """In the order in which `after` has its keys."""
    keys = [*after, *(key for key in before if key not in after)]
    return tuple(
        Change(key, compare_words(_words(before.get(key)), _words(after.get(key)), cut))
        for key in keys
        if _words(before.get(key)) != _words(after.get(key))
    )


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_words(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _cut_han(token: str, cut: Cut) -> Iterator[str]:
    at = 0
    for run in _HAN.finditer(token):
        if run.start() > at:
            yield token[at : run.start()]
        yield from cut(run.group())
        at = run.end()
    if at < len(token):
        yield token[at:]


def _spaced(tokens: Sequence[str]) -> list[str]:
    """Blanks go with the word behind them: they are too many to be compared."""
    found: list[str] = []
    blank = ""
    for token in tokens:
        if token.isspace():
            blank += token
        else:
            found.append(blank + token)
            blank = ""
    return [*found, blank] if blank else found


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    codes = [("equal", 0, head, 0, head)] if head else []
    codes += [
        (tag, first + head, last + head, start + head, end + head)
        for tag, first, last, start, end in _middle(left, right)
    ]
    if tail:
        codes.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return codes


def _middle(left: Sequence[str], right: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if not left and not right:
        return []
    ours, theirs = Counter(left), Counter(right)
    pairs = sum(count * theirs[word] for word, count in ours.items())
    if pairs > _DEAREST:
        return [("replace", 0, len(left), 0, len(right))]
    return SequenceMatcher(None, left, right, autojunk=False).get_opcodes()


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many of the first are the same."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _changed(old: Sequence[str], new: Sequence[str], cut: Cut) -> Iterator[Line]:
    """Lines that stand for each other are paired in their order."""
    pairs = min(len(old), len(new))
    for one, other in zip(old, new, strict=False):
        segments = compare_words(one, other, cut)
        same = sum(len(words) for words, kind in segments if kind == SAME)
        if same >= _ALIKE * max(len(one), len(other)):
            yield Line("changed", segments)
        else:
            yield from _whole([one], REMOVED)
            yield from _whole([other], ADDED)
    yield from _whole(old[pairs:], REMOVED)
    yield from _whole(new[pairs:], ADDED)


def _whole(lines: Sequence[str], kind: str) -> Iterator[Line]:
    yield from (Line(kind, ((line, kind),)) for line in lines)
