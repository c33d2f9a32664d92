"""What an address of the hub asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.content_file import is_name
from portal.domain.errors import NotFound
from portal.domain.knowledge import TYPES
from portal.web.pages import page_number

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """`kind` and `feature` are None where any will do."""

    kind: str | None
    feature: str | None
    page: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    def address(self, **changes: object) -> dict[str, object]:
        """Parameters of the address that asks for the same but for the changes."""
        kept = {"type": self.kind, "feature": self.feature, **changes}
        return {name: value for name, value in kept.items() if value}


def read_wish(asked: Mapping[str, str]) -> Wish:
    """Raises NotFound for a type or a feature that cannot be."""
    kind, feature = asked.get("type") or None, asked.get("feature") or None
    if (kind and kind not in TYPES) or (feature and not is_name(feature)):
        raise NotFound
    return Wish(kind, feature, page_number(asked))
