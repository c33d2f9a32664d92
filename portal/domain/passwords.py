"""What makes a password good enough. Length decides; the rest only refuses the first guesses."""

import unicodedata
from enum import StrEnum

LEAST_LENGTH = 12
# argon2 takes any length; a megabyte of password would only cost time.
MOST_LENGTH = 256
LEAST_DIFFERENT = 5
LEAST_OF_ONES_OWN = 8

_COMMON = frozenset(
    {
        "abc",
        "abcabc",
        "abcdefghijkl",
        "abcdefghijklm",
        "abcdefghijklmnop",
        "admin",
        "adminadmin",
        "administrator",
        "asdfghjkl",
        "asdfasdf",
        "changeme",
        "changemenow",
        "correcthorsebatterystaple",
        "default",
        "dragon",
        "football",
        "iloveyou",
        "letmein",
        "letmeinplease",
        "monkey",
        "mypassword",
        "newpassword",
        "paceline",
        "pass",
        "passphrase",
        "password",
        "passwordpassword",
        "princess",
        "qazwsxedc",
        "qazwsxedcrfv",
        "qwerty",
        "qwertyqwerty",
        "qwertyuiop",
        "qwertyuiopas",
        "qwertyuiopasdf",
        "secret",
        "secretsecret",
        "sunshine",
        "test",
        "testtest",
        "thisisapassword",
        "trustno",
        "welcome",
        "welcomewelcome",
        "woaini",
        "wodemima",
    }
)
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
_DIGITS = "01234567890123456789"


class PasswordFault(StrEnum):
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    COMMON = "common"
    OWN_ADDRESS = "own-address"


def normal_password(password: str) -> str:
    """NFKD, so that the same keys on another keyboard give the same hash."""
    return unicodedata.normalize("NFKD", password)


def password_fault(password: str, *, email: str = "", name: str = "") -> PasswordFault | None:
    """What is wrong with the password for this person; None where it will do."""
    if len(password) < LEAST_LENGTH:
        return PasswordFault.TOO_SHORT
    if len(password) > MOST_LENGTH:
        return PasswordFault.TOO_LONG
    folded = normal_password(password).casefold()
    if _is_common(folded):
        return PasswordFault.COMMON
    if _is_own(folded, email.casefold(), name.casefold()):
        return PasswordFault.OWN_ADDRESS
    return None


def _is_common(folded: str) -> bool:
    if len(set(folded)) < LEAST_DIFFERENT or folded in _DIGITS * 2:
        return True
    plain = "".join(letter for letter in folded if letter.isalpha())
    read = "".join(letter for letter in folded.translate(_LOOKALIKES) if letter.isalpha())
    stem = folded.rstrip("0123456789!?.#*-_ ").translate(_LOOKALIKES)
    return bool({plain, read, stem} & _COMMON)


def _is_own(folded: str, email: str, name: str) -> bool:
    """Whether hardly anything is left without the person's own address and name."""
    left = folded.replace(email, "") if email else folded
    words = [email.partition("@")[0], *email.replace("@", ".").split("."), *name.split()]
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2:  # noqa: PLR2004 # "de", "no" and the like say nothing
            left = left.replace(word, "")
    return left != folded and len(left) < LEAST_OF_ONES_OWN
