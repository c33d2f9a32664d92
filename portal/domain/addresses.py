"""Mail addresses: one spelling for each, and what is wrong with one that is none."""

import re
import unicodedata
from enum import StrEnum

MOST_LENGTH = 254
MOST_LOCAL_LENGTH = 64
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f]+")
_LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")


class AddressFault(StrEnum):
    NO_AT = "no-at"
    NO_ENDING = "no-ending"
    MALFORMED = "malformed"


class AddressError(ValueError):
    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def normal_address(text: str) -> str:
    """The address in lower case without spaces around it; raises AddressError."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    local, at, host = address.rpartition("@")
    if not at or not local or not host:
        raise AddressError(AddressFault.NO_AT)
    if not _is_local(local) or len(address) > MOST_LENGTH:
        raise AddressError(AddressFault.MALFORMED)
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressError(AddressFault.MALFORMED)
    if len(labels) == 1:
        raise AddressError(AddressFault.NO_ENDING)
    return address


def _is_local(local: str) -> bool:
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return len(local) <= MOST_LOCAL_LENGTH and not dots and bool(_LOCAL.fullmatch(local))
