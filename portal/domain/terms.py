"""What the vendor calls its own keys: modules of the catalogue, industries and regions of accounts.
Their keys come from files and other systems; nobody should have to read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.feature_names import feature_name

LONGEST_NAME = 120


class TermKind(StrEnum):
    MODULE = "module"
    INDUSTRY = "industry"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Wording:
    """Names in three languages; an empty one is none."""

    english: str = ""
    simplified: str = ""
    traditional: str = ""

    def __bool__(self) -> bool:
        return bool(self.english or self.simplified or self.traditional)

    def in_locale(self, locale: str, key: str) -> str:
        """Traditional from the simplified name where it has none of its own, Chinese from the
        English one, English by the key.
        """
        english = self.english or key
        if locale == "zh-Hant" and self.traditional:
            return self.traditional
        return feature_name(locale, english, self.simplified)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that are named, as a reader of one language sees them."""

    locale: str = "en"
    wordings: Mapping[tuple[str, str], Wording] = field(default_factory=dict)

    def name(self, kind: TermKind, key: str) -> str:
        """The key itself where nobody has named it; empty for an empty one."""
        found = self.wordings.get((kind.value, key))
        return found.in_locale(self.locale, key) if found else key
