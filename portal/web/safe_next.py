import re

_OWN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}")


def own_address(said: str) -> str:
    """The address where it is a path of this portal, else nothing: no other host, no script."""
    return said if _OWN.fullmatch(said) else ""
