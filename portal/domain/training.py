"""The words of training: how far a course is, what a certificate says of itself."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

# Crockford's alphabet: no letter that reads like a digit. Sixteen of them are 80 random bits.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_GROUPS, CODE_GROUP = 4, 4
_LIKENESS = str.maketrans("OIL", "011")
# A certificate may be earned anew from so long before it ends.
RENEWAL = timedelta(days=60)


class AttemptState(StrEnum):
    OPEN = "open"
    REVIEW = "review"
    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"


class Standing(StrEnum):
    """How far a person is with a course. Expired: their certificate has ended."""

    TO_DO = "to-do"
    STARTED = "started"
    REVIEW = "review"
    FINISHED = "finished"
    EXPIRED = "expired"


class CertificateState(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def course_address(slug: str) -> str:
    """The path of a course's page."""
    return f"/courses/{slug}"


def write_code(numbers: Sequence[int]) -> str:
    """Sixteen numbers below 32 as K7QM-2XVD-9HTR-4WPB."""
    letters = "".join(CODE_ALPHABET[number] for number in numbers)
    return "-".join(letters[at : at + CODE_GROUP] for at in range(0, len(letters), CODE_GROUP))


def read_code(typed: str) -> str | None:
    """The code as it is kept, however it was typed; None for what can be none."""
    plain = re.sub(r"[\s-]", "", typed[:64]).upper().translate(_LIKENESS)
    if len(plain) != CODE_GROUPS * CODE_GROUP or not set(plain) <= set(CODE_ALPHABET):
        return None
    return write_code([CODE_ALPHABET.index(letter) for letter in plain])


def expiry(issued: date, months: int) -> date | None:
    """The last day on which a certificate is valid; None where `months` is 0: it is for good.

    After the last day of a long month comes the last of a short one: six months from 31 August are
    28 February.
    """
    if months == 0:
        return None
    year, month = divmod(issued.year * 12 + issued.month - 1 + months, 12)
    return date(year, month + 1, min(issued.day, monthrange(year, month + 1)[1]))


def certificate_state(expires: date | None, today: date, *, withdrawn: bool) -> CertificateState:
    if withdrawn:
        return CertificateState.WITHDRAWN
    if expires is not None and today > expires:
        return CertificateState.EXPIRED
    return CertificateState.VALID


def may_renew(expires: date | None, today: date) -> bool:
    """Whether somebody who has the certificate may take the quiz again."""
    return expires is not None and today > expires - RENEWAL
