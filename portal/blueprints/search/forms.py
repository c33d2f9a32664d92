"""What an address of the search asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.content_file import is_name
from portal.domain.errors import NotFound
from portal.locales import LOCALES
from portal.web.pages import page_number
from portal.web.search_sources import is_kind

PAGE_SIZE = 10
LONGEST_QUESTION = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """`question` is "" where none was asked; the others are "" where any will do. `kind` is a type
    of text or the kind of another source.
    """

    question: str
    kind: str
    feature: str
    language: str
    page: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    @property
    def is_plain(self) -> bool:
        """The question as it was put, with no filter, and its first page."""
        return self.page == 1 and not (self.kind or self.feature or self.language)

    def address(self, **changes: object) -> dict[str, Any]:
        """Parameters of the address that asks for the same but for the changes."""
        kept = {
            "q": self.question,
            "type": self.kind,
            "feature": self.feature,
            "language": self.language,
            **changes,
        }
        return {name: value for name, value in kept.items() if value}


def read_wish(asked: Mapping[str, str]) -> Wish:
    """Raises NotFound for a kind, a feature or a language that cannot be."""
    kind, feature, language = (asked.get(name, "") for name in ("type", "feature", "language"))
    impossible = (kind and not is_kind(kind)) or (feature and not is_name(feature))
    if impossible or (language and language not in LOCALES):
        raise NotFound
    question = " ".join(asked.get("q", "")[:LONGEST_QUESTION].split())
    return Wish(question, kind, feature, language, page_number(asked))
