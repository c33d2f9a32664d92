"""The committed catalogues, and the messages that the source has now."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from portal.locales import CATALOGUES
from scripts.messages import KEYWORDS, LOCALES

ROOT = CATALOGUES.parent.parent
Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: `english` has the singular and perhaps the plural, `said` its translations."""

    locale: str
    english: tuple[str, ...]
    said: tuple[str, ...]
    fuzzy: bool

    @property
    def name(self) -> str:
        """What a failing test shows."""
        return f"{self.locale}: {self.english[0]!r} → {self.said!r}"


@cache
def catalogue(locale: str) -> Catalog:
    """`locale` is zh_Hans or zh_Hant."""
    path = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def entries() -> Iterator[Entry]:
    """Every message of every catalogue."""
    for locale in LOCALES:
        for message in catalogue(locale):
            if message.id:
                english, said = _all(message.id), _all(message.string)
                yield Entry(locale, english, said, message.fuzzy)


def known(locale: str) -> set[Key]:
    return {(message.context, _all(message.id)[0]) for message in catalogue(locale) if message.id}


@cache
def collected() -> frozenset[Key]:
    """Context and singular of each message in code and templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel's own
    found = extract_from_dir(ROOT, methods, options, parse_keywords(KEYWORDS))
    return frozenset((context, _all(message)[0]) for _, _, message, _, context in found)


def _all(words: object) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, list | tuple) else (str(words),)
