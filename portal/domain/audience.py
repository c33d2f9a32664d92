"""Who may read a text of the knowledge hub: the one place that knows.

A text carries tokens, a reader carries tokens, and a reader sees the texts that share one with
them. What carries none is seen by nobody. The same tokens hold in SQL and in the search index.
"""

from collections.abc import Collection
from dataclasses import dataclass

from portal.domain.permissions import Role

PUBLIC, CUSTOMERS, VENDOR = "public", "customers", "vendor"
ACCOUNTS, SEGMENTS = "accounts", "segments"
KINDS = (PUBLIC, CUSTOMERS, SEGMENTS, ACCOUNTS, VENDOR)
NAMED = {ACCOUNTS: "account", SEGMENTS: "segment"}
"""Kinds that name keys, and what a key of theirs names."""


@dataclass(frozen=True, slots=True)
class Audience:
    """`kind` is one of KINDS; `accounts` and `segments` hold keys, each for its own kind only.

    Which accounts a segment holds changes without the text: it covers no account by name, and no
    list of accounts covers it.
    """

    kind: str
    accounts: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    @property
    def tokens(self) -> frozenset[str]:
        """What the text carries. The vendor reads all that it wrote."""
        if self.kind == ACCOUNTS:
            return frozenset({VENDOR, *map(account_token, self.accounts)})
        if self.kind == SEGMENTS:
            return frozenset({VENDOR, *map(segment_token, self.segments)})
        return {
            PUBLIC: frozenset({PUBLIC}),
            CUSTOMERS: frozenset({CUSTOMERS, VENDOR}),
            VENDOR: frozenset({VENDOR}),
        }.get(self.kind, frozenset())

    @property
    def named(self) -> tuple[str, ...]:
        """The keys, of whichever kind names some."""
        return self.accounts or self.segments

    def covers(self, other: "Audience") -> bool:
        """Whether everybody who may read the other text may read this one."""
        if self.kind == PUBLIC or other.kind == VENDOR:
            return True
        if self.kind == CUSTOMERS:
            return other.kind in {CUSTOMERS, *NAMED}
        if self.kind in NAMED and other.kind == self.kind:
            return set(other.named) <= set(self.named)
        return False

    @property
    def written(self) -> str | dict[str, list[str]]:
        """As front matter has it."""
        return {self.kind: list(self.named)} if self.kind in NAMED else self.kind


def account_token(key: str) -> str:
    return f"account:{key}"


def segment_token(key: str) -> str:
    return f"segment:{key}"


def audience_tokens(
    role: Role, account_keys: Collection[str] = (), segment_keys: Collection[str] = ()
) -> frozenset[str]:
    """What a reader carries; `segment_keys` are those that the accounts are in now. A customer
    without an account reads what a visitor reads.
    """
    if role.side == "vendor":
        return frozenset({PUBLIC, VENDOR})
    if role.side == "customer" and account_keys:
        named = {*map(account_token, account_keys), *map(segment_token, segment_keys)}
        return frozenset({PUBLIC, CUSTOMERS}) | named
    return frozenset({PUBLIC})
