"""Who may read a text of the knowledge hub: the one place that knows.

A text carries tokens, a reader carries tokens, and a reader sees the texts that share one with
them. What carries none is seen by nobody. The same tokens hold in SQL and in the search index.
"""

from collections.abc import Collection
from dataclasses import dataclass

from portal.domain.permissions import Role

PUBLIC, CUSTOMERS, VENDOR, ACCOUNTS = "public", "customers", "vendor", "accounts"
KINDS = (PUBLIC, CUSTOMERS, VENDOR, ACCOUNTS)


@dataclass(frozen=True, slots=True)
class Audience:
    """`kind` is one of KINDS; `accounts` holds keys of accounts, for the last kind only."""

    kind: str
    accounts: tuple[str, ...] = ()

    @property
    def tokens(self) -> frozenset[str]:
        """What the text carries. The vendor reads all that it wrote."""
        if self.kind == ACCOUNTS:
            return frozenset({VENDOR, *map(account_token, self.accounts)})
        return {
            PUBLIC: frozenset({PUBLIC}),
            CUSTOMERS: frozenset({CUSTOMERS, VENDOR}),
            VENDOR: frozenset({VENDOR}),
        }.get(self.kind, frozenset())

    def covers(self, other: "Audience") -> bool:
        """Whether everybody who may read the other text may read this one."""
        if self.kind == PUBLIC or other.kind == VENDOR:
            return True
        if self.kind == CUSTOMERS:
            return other.kind in {CUSTOMERS, ACCOUNTS}
        if self.kind == ACCOUNTS and other.kind == ACCOUNTS:
            return set(other.accounts) <= set(self.accounts)
        return False


def account_token(key: str) -> str:
    return f"account:{key}"


def audience_tokens(role: Role, account_keys: Collection[str] = ()) -> frozenset[str]:
    """What a reader carries. A customer without an account reads what a visitor reads."""
    if role.side == "vendor":
        return frozenset({PUBLIC, VENDOR})
    if role.side == "customer" and account_keys:
        return frozenset({PUBLIC, CUSTOMERS, *map(account_token, account_keys)})
    return frozenset({PUBLIC})
