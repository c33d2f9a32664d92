"""What people are told of, and how each kind usually reaches them. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum

from portal.domain.permissions import Role


class Notified(StrEnum):
    """Why somebody is told."""

    OWN_REQUEST_MOVED = "own_request_moved"
    ASKED = "asked_whether_it_works"
    MESSAGE_ON_OWN = "message_on_own"
    MENTIONED = "mentioned"
    FOLLOWED_MOVED = "followed_moved"
    MESSAGE_ON_FOLLOWED = "message_on_followed"
    MERGED_OR_SPLIT = "merged_or_split"
    SHARED_MOVED = "shared_moved"
    ASSIGNED = "assigned"
    HANDED_IN = "handed_in"
    DUE_SOON = "due_soon"
    FLOODED = "flooded"
    CERTIFICATE_ENDS = "certificate_ends"
    WHATS_NEW = "whats_new"


class Way(StrEnum):
    """`now` and `digest` stand under the bell as well; `off` nowhere. `weekly` is a mail alone."""

    NOW = "now"
    DIGEST = "digest"
    WEEKLY = "weekly"
    BELL = "bell"
    OFF = "off"


USUAL: Mapping[Notified, Way] = {
    Notified.OWN_REQUEST_MOVED: Way.NOW,
    Notified.ASKED: Way.NOW,
    Notified.MESSAGE_ON_OWN: Way.NOW,
    Notified.MENTIONED: Way.NOW,
    Notified.FOLLOWED_MOVED: Way.DIGEST,
    Notified.MESSAGE_ON_FOLLOWED: Way.DIGEST,
    Notified.MERGED_OR_SPLIT: Way.DIGEST,
    Notified.SHARED_MOVED: Way.DIGEST,
    Notified.ASSIGNED: Way.NOW,
    Notified.HANDED_IN: Way.DIGEST,
    Notified.DUE_SOON: Way.NOW,
    Notified.FLOODED: Way.NOW,
    Notified.CERTIFICATE_ENDS: Way.DIGEST,
    Notified.WHATS_NEW: Way.WEEKLY,
}
FOR_CUSTOMERS = (
    Notified.OWN_REQUEST_MOVED,
    Notified.MESSAGE_ON_OWN,
    Notified.ASKED,
    Notified.MENTIONED,
    Notified.FOLLOWED_MOVED,
    Notified.MESSAGE_ON_FOLLOWED,
    Notified.SHARED_MOVED,
    Notified.MERGED_OR_SPLIT,
    Notified.CERTIFICATE_ENDS,
    Notified.WHATS_NEW,
)
FOR_VENDOR = (
    Notified.HANDED_IN,
    Notified.ASSIGNED,
    Notified.DUE_SOON,
    Notified.MENTIONED,
    Notified.FOLLOWED_MOVED,
    Notified.MESSAGE_ON_FOLLOWED,
    Notified.MERGED_OR_SPLIT,
    Notified.WHATS_NEW,
)


FOR_ADMINS = (*FOR_VENDOR, Notified.FLOODED)


def kinds_for(role: Role) -> tuple[Notified, ...]:
    """What somebody of that role may be told of, in the order in which it is chosen."""
    if role is Role.ADMIN:
        return FOR_ADMINS
    return FOR_VENDOR if role.side == "vendor" else FOR_CUSTOMERS


def ways_for(kind: Notified) -> tuple[Way, ...]:
    """How it may be told. A flood is no matter for the daily mail; what is new for all is read in
    the portal, and told by a mail of its own, once a week or a day.
    """
    if kind is Notified.WHATS_NEW:
        return Way.WEEKLY, Way.DIGEST, Way.OFF
    leaves = {Way.WEEKLY, Way.DIGEST} if kind is Notified.FLOODED else {Way.WEEKLY}
    return tuple(way for way in Way if way not in leaves)


def way_of(kind: Notified, chosen: Mapping[str, str]) -> Way:
    """`chosen`: kind → way, of those that the person has chosen themselves."""
    said = chosen.get(kind.value, "")
    return Way(said) if said in set(ways_for(kind)) else USUAL[kind]


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """Whom a text names after an @: by the whole name, or by the first where only one has it.
    `names`: id → name, of those who may be mentioned.
    """
    found: set[int] = set()
    for at in (match.end() for match in re.finditer("[@＠]", text)):
        found |= _named(text[at : at + 200].casefold(), names)
    return found


def _named(rest: str, names: Mapping[int, str]) -> set[int]:
    whole = {one: name for one, name in names.items() if _begins(rest, name.casefold())}
    if whole:
        longest = max(len(name) for name in whole.values())
        return {one for one, name in whole.items() if len(name) == longest}
    first = {
        one for one, name in names.items() if name and _begins(rest, name.split()[0].casefold())
    }
    return first if len(first) == 1 else set()


def _begins(rest: str, name: str) -> bool:
    """Not in the middle of a longer word; Chinese has no spaces between words."""
    if not name or not rest.startswith(name):
        return False
    after = rest[len(name) : len(name) + 1]
    return not (after.isalnum() and after.isascii() and name[-1].isascii())
