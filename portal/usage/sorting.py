"""Which account each message of a fold step belongs to.

In this order: the account of a bound key, `context.groupId`, the account of the user's newest
`group` call known when the message is folded (newest by its own time stamp), `$groups`. So where
`context.groupId` is sent nothing depends on the order in which messages arrive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from portal.usage.days import Numbers
from portal.usage.distinct import distinct
from portal.usage.messages import Flags, Messages
from portal.usage.reading import LogRow
from portal.usage.rollups import Membership


@dataclass(slots=True)
class Sorted:
    """`accounts` holds each message's account id, 0 where there is none. `unknown` holds the
    positions of messages by (account key, "") or, where no account was named at all, by
    ("", user id).
    """

    messages: Messages
    accounts: Numbers
    unknown: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def by_row(self, positions: Sequence[int]) -> dict[int, list[int]]:
        """The same as row → places in it, in their order."""
        found: dict[int, list[int]] = {}
        for one in positions:
            row, place = int(self.messages.row[one]), int(self.messages.place[one])
            found.setdefault(row, []).append(place)
        return found


def persons_without_account(messages: Messages, rows: Sequence[LogRow]) -> set[str]:
    """Users whose membership a sort may ask for or change."""
    open_ = messages.joins | ~_named(messages, _bound(messages, rows))
    return {messages.persons[one] for one in distinct(messages.person[open_]).tolist()}


def account_keys(messages: Messages) -> set[str]:
    return {key for key in messages.groups if key}


def sort(
    messages: Messages,
    rows: Sequence[LogRow],
    accounts: dict[str, int],
    memberships: dict[str, Membership],
) -> Sorted:
    """`accounts`: key → id. `memberships` is read and changed."""
    bound = _bound(messages, rows)
    by_group = np.array([accounts.get(key, 0) for key in messages.groups], np.int64)
    done = Sorted(messages, np.where(bound > 0, bound, by_group[messages.group]))
    done.accounts[messages.joins] = 0
    for index in np.flatnonzero(messages.joins | ~_named(messages, bound)).tolist():
        if messages.joins[index]:
            _join(memberships, messages, index)
        else:
            _place_by_person(done, index, accounts, memberships)
    named = np.flatnonzero(
        (done.accounts == 0) & ~messages.joins & (messages.group > 0) & (bound == 0)
    )
    for index in named.tolist():
        key = messages.groups[int(messages.group[index])]
        done.unknown.setdefault((key, ""), []).append(index)
    return done


def _bound(messages: Messages, rows: Sequence[LogRow]) -> Numbers:
    """The account of the key that brought each message, 0 where the key is bound to none."""
    by_row = np.array([row.bound_id or 0 for row in rows], np.int64)
    return by_row[messages.row] if len(rows) else np.zeros(0, np.int64)


def _named(messages: Messages, bound: Numbers) -> Flags:
    named: Flags = (bound > 0) | (messages.group > 0)
    return named


def follow_joins(memberships: dict[str, Membership], messages: Messages) -> None:
    """What group calls say, and nothing else."""
    for index in np.flatnonzero(messages.joins).tolist():
        _join(memberships, messages, index)


def _join(memberships: dict[str, Membership], messages: Messages, index: int) -> None:
    person = messages.persons[int(messages.person[index])]
    at, group = int(messages.at[index]), messages.groups[int(messages.group[index])]
    known = memberships.get(person)
    if known is None:
        known = memberships[person] = Membership()
    if (at, group) > (known.at, known.account_key):
        known.at, known.account_key, known.changed = at, group, True


def _place_by_person(
    done: Sorted, index: int, accounts: dict[str, int], memberships: dict[str, Membership]
) -> None:
    messages = done.messages
    person = messages.persons[int(messages.person[index])]
    member = memberships.get(person)
    later = messages.groups[int(messages.later[index])]
    key = (member.account_key if member else "") or later
    account = accounts.get(key)
    if account is None:
        done.unknown.setdefault((key, "" if key else person), []).append(index)
    else:
        done.accounts[index] = account
