import itertools

import pytest

from portal.domain.audience import (
    ACCOUNTS,
    CUSTOMERS,
    PUBLIC,
    SEGMENTS,
    VENDOR,
    Audience,
    audience_tokens,
)
from portal.domain.permissions import CUSTOMER_ROLES, VENDOR_ROLES, Role

TEXTS = {
    "public": Audience(PUBLIC),
    "customers": Audience(CUSTOMERS),
    "vendor": Audience(VENDOR),
    "acme": Audience(ACCOUNTS, ("acme",)),
    "acme and globex": Audience(ACCOUNTS, ("acme", "globex")),
    "small": Audience(SEGMENTS, segments=("small",)),
    "small and large": Audience(SEGMENTS, segments=("small", "large")),
    "nobody": Audience("nonsense"),
}
READERS = {
    "visitor": (audience_tokens(Role.VISITOR), {"public"}),
    "acme": (
        audience_tokens(Role.MEMBER, ["acme"]),
        {"public", "customers", "acme", "acme and globex"},
    ),
    "globex": (
        audience_tokens(Role.EXECUTIVE, ["globex"]),
        {"public", "customers", "acme and globex"},
    ),
    "initech": (audience_tokens(Role.CHAMPION, ["initech"]), {"public", "customers"}),
    "acme, small": (
        audience_tokens(Role.MEMBER, ["acme"], ["small"]),
        {"public", "customers", "acme", "acme and globex", "small", "small and large"},
    ),
    "hooli, small": (
        audience_tokens(Role.MEMBER, ["hooli"], ["small"]),
        {"public", "customers", "small", "small and large"},
    ),
    "hooli, large": (
        audience_tokens(Role.MEMBER, ["hooli"], ["large"]),
        {"public", "customers", "small and large"},
    ),
    "homeless": (audience_tokens(Role.CHAMPION), {"public"}),
    "vendor": (
        audience_tokens(Role.CSM),
        {*TEXTS} - {"nobody"},
    ),
}


@pytest.mark.parametrize("reader", READERS)
def test_who_reads_what(reader: str) -> None:
    tokens, expected = READERS[reader]
    assert {name for name, text in TEXTS.items() if text.tokens & tokens} == expected


def test_a_visitor_carries_no_account_even_when_one_is_handed_in() -> None:
    assert audience_tokens(Role.VISITOR, ["acme"]) == {PUBLIC}


def test_all_of_a_side_carry_the_same() -> None:
    assert len({audience_tokens(role, ["acme"]) for role in CUSTOMER_ROLES}) == 1
    assert len({audience_tokens(role) for role in VENDOR_ROLES}) == 1


@pytest.mark.parametrize(("one", "other"), list(itertools.product(TEXTS, TEXTS)))
def test_covering_is_being_read_by_all_who_read_the_other(one: str, other: str) -> None:
    if "nobody" in {one, other}:
        return
    covered = all(
        TEXTS[one].tokens & tokens for tokens, _ in READERS.values() if TEXTS[other].tokens & tokens
    )
    assert TEXTS[one].covers(TEXTS[other]) == covered
