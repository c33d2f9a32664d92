"""A reply address leads to one request, for one person, and nobody can make one up."""

import pytest

from portal.db import new_key
from portal.services.requests.mail_addresses import Address, read_address, reply_address
from tests.apps import make_settings

OURS = make_settings(mail_in_address="requests@portal.example.com")


@pytest.mark.parametrize("user_id", [1, 255, 256, 2**31, 2**63 - 1])
def test_it_leads_back(user_id: int) -> None:
    key = new_key()
    made = reply_address(OURS, key, user_id)
    assert made is not None
    assert len(made.partition("@")[0]) <= 64
    assert read_address(OURS, made) == Address(key, user_id)
    assert read_address(OURS, made.upper()) == Address(key, user_id)


def test_without_an_address_of_ours_there_is_none() -> None:
    assert reply_address(make_settings(), new_key(), 1) is None
    made = reply_address(OURS, new_key(), 1)
    assert made is not None
    assert read_address(make_settings(), made) is None
    assert reply_address(OURS, "not-of-new-key", 1) is None


def test_a_changed_one_is_nobodys() -> None:
    made = reply_address(OURS, new_key(), 7)
    assert made is not None
    local, _at, host = made.partition("@")
    begin = local.index("+") + 1
    for at in range(begin, len(local) - 1):
        other = "a" if local[at] != "a" else "b"
        assert read_address(OURS, f"{local[:at]}{other}{local[at + 1 :]}@{host}") is None
    elsewhere = make_settings(
        mail_in_address=OURS.mail_in_address, secret_key="another secret of at least 32 letters"
    )
    assert read_address(elsewhere, made) is None


@pytest.mark.parametrize(
    "address",
    [
        "requests@portal.example.com",
        "requests+@portal.example.com",
        "requests+a@portal.example.com",
        "requests+\u9519@portal.example.com",
        "requests+aaaaaaaa@elsewhere.example",
        "",
        "@",
        "+",
    ],
)
def test_others_are_none(address: str) -> None:
    assert read_address(OURS, address) is None
