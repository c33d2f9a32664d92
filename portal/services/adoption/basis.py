"""What a figure rests on: shown, sent and exported with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.services.adoption.window import Window, find_window, stamp


@dataclass(frozen=True, slots=True)
class Basis:
    """Days `first` to `last` of the account's zone; of them `coverage_days` lie after its first
    event. `version` changes whenever the account's figures may have. `told_days` were told as
    daily sums: who did what is known of them, not when nor by which way.
    """

    account: str
    time_zone: str
    first: date
    last: date
    coverage_days: int
    last_event_at: datetime | None
    folded_to: datetime | None
    version: int
    told_days: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def as_json(self) -> dict[str, Any]:
        return {
            "last_event_at": stamp(self.last_event_at),
            "folded_to": stamp(self.folded_to),
            "coverage_days": self.coverage_days,
        }


def usage_basis(session: Session, account_key: str, as_of: date, window_days: int) -> Basis:
    """Of the usage that figures of another kind were made from. Raises NotFound and Invalid."""
    return basis_of(find_window(session, account_key, as_of, window_days))


def basis_of(window: Window) -> Basis:
    account = window.account
    return Basis(
        account=account.key,
        time_zone=account.time_zone,
        first=window.first,
        last=window.last,
        coverage_days=window.coverage_days,
        last_event_at=account.last_at,
        folded_to=account.folded_to,
        version=account.version,
        told_days=window.told_days,
    )
