"""Which account each message of a fold step belongs to.

In this order: the account of a bound key, `context.groupId`, the account of the user's newest
`group` call known when the message is folded (newest by its own time stamp), `$groups`. So where
`context.groupId` is sent nothing depends on the order in which messages arrive.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.usage.message import ACTIVITY, Event
from portal.usage.reading import Read
from portal.usage.rollups import Membership


@dataclass(slots=True)
class Sorted:
    """`unknown` holds messages by (account key, "") or, where no account was named at all, by
    ("", user id). `anonymous` counts activity without a user id.
    """

    by_account: dict[int, list[Event]] = field(default_factory=dict)
    unknown: dict[tuple[str, str], list[Read]] = field(default_factory=dict)
    anonymous: int = 0


def persons_without_account(reads: Iterable[Read]) -> set[str]:
    """Users whose membership a sort may ask for or change."""
    return {read.event.person for read in reads if read.event.kind == "group" or not _named(read)}


def account_keys(reads: Iterable[Read]) -> set[str]:
    return {key for read in reads for key in (read.event.group, read.event.later_group) if key}


def sort(
    reads: Iterable[Read], accounts: dict[str, int], memberships: dict[str, Membership]
) -> Sorted:
    """`accounts`: key → id. `memberships` is read and changed."""
    done = Sorted()
    for read in reads:
        event = read.event
        if event.kind == "group" and event.person:
            _join(memberships, event)
        if event.kind in ACTIVITY:
            _place(done, read, accounts, memberships)
    return done


def _named(read: Read) -> bool:
    return read.row.bound_id is not None or bool(read.event.group)


def _join(memberships: dict[str, Membership], event: Event) -> None:
    known = memberships.get(event.person)
    if known is None:
        known = memberships[event.person] = Membership()
    if (event.at, event.group) > (known.at, known.account_key):
        known.at, known.account_key, known.changed = event.at, event.group, True


def _place(
    done: Sorted, read: Read, accounts: dict[str, int], memberships: dict[str, Membership]
) -> None:
    event, bound = read.event, read.row.bound_id
    if not event.person:
        done.anonymous += 1
        return
    if bound is not None:
        done.by_account.setdefault(bound, []).append(event)
        return
    member = memberships.get(event.person)
    key = event.group or (member.account_key if member else "") or event.later_group
    account = accounts.get(key)
    if account is None:
        done.unknown.setdefault((key, "" if key else event.person), []).append(read)
    else:
        done.by_account.setdefault(account, []).append(event)
