"""A fold step's activity as columns, and which parts of the rollups it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from portal.usage.days import EPOCH_ORDINAL, Numbers, split
from portal.usage.distinct import distinct
from portal.usage.messages import Flags, Messages
from portal.usage.rollups import Hashes

Keys = list[tuple[int, int]]
COLUMNS = (
    *("places", "stamps", "days", "minutes", "hashes", "buckets", "persons", "names", "calls"),
    *("durations", "integrations", "positions"),
)


@dataclass(slots=True)
class Plan:
    """Columns of equal length. `places` are indexes into `accounts` (ids, ascending) and `zones`;
    `persons`, `names` and `integrations` are indexes into the lists.
    """

    accounts: list[int]
    zones: list[str]
    places: Numbers
    stamps: Numbers
    days: Numbers
    minutes: Numbers
    hashes: Hashes
    buckets: Numbers
    persons: Numbers
    names: Numbers
    calls: Flags
    durations: Numbers
    integrations: Numbers
    person_list: list[str]
    name_list: list[str]
    integration_list: list[str]
    # Where each one stands among the messages that the plan was made of.
    positions: Numbers

    def only(self, chosen: Flags) -> "Plan":
        columns = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return replace(self, **columns)

    def by_account(self, chosen: Sequence[int]) -> dict[int, list[int]]:
        """Account → positions among the messages that the plan was made of."""
        found: dict[int, list[int]] = {}
        for one in chosen:
            account = self.accounts[int(self.places[one])]
            found.setdefault(account, []).append(int(self.positions[one]))
        return found

    def own_days(self) -> Keys:
        """Distinct (account, day)."""
        return self._keys(self.days)

    def touched_days(self) -> Keys:
        """With the neighbours: a minute after midnight changes the day before."""
        own = self.own_days()
        return sorted({(account, day + near) for account, day in own for near in (-1, 0, 1)})

    def touched_buckets(self) -> Keys:
        """Distinct (account, date ordinal)."""
        return self._keys(self.buckets + EPOCH_ORDINAL)

    def touched_persons(self) -> list[tuple[int, str]]:
        return [(account, self.person_list[one]) for account, one in self._keys(self.persons)]

    def touched_names(self) -> list[str]:
        return [self.name_list[one] for one in distinct(self.names).tolist()]

    def _keys(self, column: Numbers) -> Keys:
        both = distinct(self.places << 32 | column)
        accounts = np.array(self.accounts, np.int64)[both >> 32]
        return list(zip(accounts.tolist(), (both & 0xFFFFFFFF).tolist(), strict=True))


def plan_of(messages: Messages, accounts: Numbers, zones: Mapping[int, str]) -> Plan:
    """`accounts` is each message's account id; those without a zone are passed over."""
    ids = sorted(set(distinct(accounts).tolist()) & zones.keys())
    chosen = np.flatnonzero(np.isin(accounts, ids))
    places = np.searchsorted(np.array(ids, np.int64), accounts[chosen])
    stamps = messages.at[chosen]
    days, minutes = _split([zones[one] for one in ids], places, stamps)
    return Plan(
        accounts=ids,
        zones=[zones[one] for one in ids],
        places=places.astype(np.int64),
        stamps=stamps,
        days=days,
        minutes=minutes,
        hashes=messages.identity[chosen],
        buckets=messages.bucket[chosen],
        persons=messages.person[chosen],
        names=messages.name[chosen],
        calls=messages.call[chosen],
        durations=messages.milliseconds[chosen],
        integrations=messages.integration[chosen],
        person_list=messages.persons,
        name_list=messages.names,
        integration_list=messages.integrations,
        positions=chosen,
    )


def _split(zones: list[str], places: Numbers, stamps: Numbers) -> tuple[Numbers, Numbers]:
    days, minutes = np.zeros_like(stamps), np.zeros_like(stamps)
    kinds = {zone: number for number, zone in enumerate(dict.fromkeys(zones))}
    by_place: npt.NDArray[np.int64] = np.array([kinds[zone] for zone in zones], np.int64)
    zone_of_each = by_place[places]
    for zone, number in kinds.items():
        some = np.flatnonzero(zone_of_each == number)
        if some.size:
            days[some], minutes[some] = split(zone, stamps[some])
    return days, minutes
