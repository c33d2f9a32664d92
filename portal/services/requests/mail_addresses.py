"""The address to which somebody answers by mail: it leads to a request and names who may answer.

`requests+<token>@host`: the request's key, the person's id and a signature over both, in letters
that a mail server may fold to either case. Whoever holds it can only write as that person, from
that person's own address (portal.services.requests.mail_in).
"""

import hmac
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from portal.config import Settings

_KEY_BYTES, _MARK_BYTES, _MOST_ID_BYTES = 12, 10, 8
_SALT = b"paceline reply address 1"


@dataclass(frozen=True, slots=True)
class Address:
    request_key: str
    user_id: int


def reply_address(settings: Settings, request_key: str, user_id: int) -> str | None:
    """None where no mail is taken in (PACELINE_MAIL_IN_ADDRESS is empty)."""
    local, at, host = settings.mail_in_address.partition("@")
    key = _key_bytes(request_key)
    if not at or not key:
        return None
    told = key + user_id.to_bytes(_id_bytes(user_id), "big")
    token = b32encode(told + _mark(settings, told)).decode().rstrip("=").lower()
    return f"{local}+{token}@{host}"


def read_address(settings: Settings, address: str) -> Address | None:
    """Whom a reply address is of; None where it is none of ours, or is forged."""
    local, _at, host = address.strip().lower().rpartition("@")
    ours, _at, our_host = settings.mail_in_address.lower().rpartition("@")
    named, plus, token = local.partition("+")
    if not plus or not ours or (named, host) != (ours, our_host):
        return None
    raw = _decoded(token)
    if not _KEY_BYTES + _MARK_BYTES < len(raw) <= _KEY_BYTES + _MARK_BYTES + _MOST_ID_BYTES:
        return None
    told, mark = raw[:-_MARK_BYTES], raw[-_MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(settings, told)):
        return None
    key = urlsafe_b64encode(told[:_KEY_BYTES]).decode()
    return Address(key, int.from_bytes(told[_KEY_BYTES:], "big"))


def _key_bytes(key: str) -> bytes:
    """Empty for a key that was not made by `new_key`."""
    try:
        raw = urlsafe_b64decode(key)
    except ValueError:
        return b""
    return raw if len(raw) == _KEY_BYTES else b""


def _id_bytes(number: int) -> int:
    return max(1, (number.bit_length() + 7) // 8)


def _decoded(token: str) -> bytes:
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        return b32decode(padded)
    except ValueError:
        return b""


def _mark(settings: Settings, told: bytes) -> bytes:
    secret = settings.secret_key.get_secret_value().encode()
    return hmac.new(secret, _SALT + told, sha256).digest()[:_MARK_BYTES]
