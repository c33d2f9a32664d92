"""Whose the objects are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Owner:
    """An account of the cast and its champion. `short` makes the objects' keys its own."""

    account_id: int
    account_key: str
    champion: str
    champion_id: int

    @property
    def short(self) -> str:
        return self.account_key[:3]

    @property
    def hashed(self) -> str:
        """As long as the SHA-256 of a secret."""
        return self.short * 16
