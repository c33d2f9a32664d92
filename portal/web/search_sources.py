"""Whatever a reader may find beside the texts of the hub: each room offers its own things, and is
asked in the reader's own session, so that what they may not see is neither found nor counted.

A room calls `offer` once, when it is imported. `Find` gets the session, the question, and which
entries are wanted; it answers with how many there are in all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.search import Segments
from portal.tenancy import Scope


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind of thing is called: alone, on a filter, and by which icon."""

    one: object
    chip: object
    icon: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`first`: the question is how its name begins, so it stands above the texts. `gist` is one
    line without markup.
    """

    title: Segments
    gist: str
    url: str
    first: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    total: int
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    limit: int
    offset: int = 0


Find = Callable[[Session, Asked], Finding]


@dataclass(frozen=True, slots=True)
class Source:
    """`kind` is the value of the filter in addresses. `serves`: whether this reader may find any
    at all; a source that does not serve them is not asked.
    """

    kind: str
    words: KindWords
    serves: Callable[[Scope], bool]
    find: Find


_SOURCES: dict[str, Source] = {}
_TEXTS: dict[str, KindWords] = {}


def offer(source: Source) -> None:
    """Offered again, as tests may do, it takes the place of the first."""
    _SOURCES[source.kind] = source


def name_texts(words: Mapping[str, KindWords]) -> None:
    """How the types of texts are called, in the order of their filters."""
    _TEXTS.update(words)


def text_kinds() -> Mapping[str, KindWords]:
    return _TEXTS


def sources_for(scope: Scope) -> list[Source]:
    """Those that serve this reader, in the order in which rooms offered them."""
    return [source for source in _SOURCES.values() if source.serves(scope)]


def is_kind(kind: str) -> bool:
    """Whether anybody at all may ask for it."""
    return kind in _TEXTS or kind in _SOURCES
