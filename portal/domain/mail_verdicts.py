"""Whether our own mail server says that a mail is of whom it names (RFC 8601)."""

import re

_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:header\.(?:d|from|i)|smtp\.mailfrom)\s*=\s*\"?(?:[^\s;\"@]*@)?([^\s;\"]+)", re.IGNORECASE
)


def is_verified(verdicts: tuple[str, ...], server: str, sender: str) -> bool:
    """By the topmost verdict, if it is our `server`'s: those below may be anybody's. DMARC passed
    for the sender's domain, or DKIM or SPF did for that very domain or one that it belongs to.
    """
    if not server or not verdicts:
        return False
    name, _semicolon, told = verdicts[0].partition(";")
    if name.split()[:1] != [server]:
        return False
    domain = sender.rpartition("@")[2]
    # Comments may say what they like.
    told = re.sub(r"\([^()]*\)", " ", told)
    return any(
        result.lower() == "pass" and _is_of(domain, more)
        for _method, result, more in _RESULT.findall(told)
    )


def _is_of(domain: str, more: str) -> bool:
    named = [one.lower().rstrip(".") for one in _DOMAIN.findall(more)]
    return any(one == domain or (domain.endswith(f".{one}") and "." in one) for one in named)
