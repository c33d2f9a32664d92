"""What the other tests do in less time: hashing with the figures of production."""

import runpy

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from portal.services import passwords

REAL = runpy.run_path(passwords.__file__)


def test_the_figures_are_those_of_the_cheat_sheet() -> None:
    hashed = REAL["hash_password"]("three boats in the harbour")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(hashed, "three boats in the harbour")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(hashed, "three boats in the harbor")
