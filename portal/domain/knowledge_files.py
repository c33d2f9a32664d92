"""How stored images are named: by their content, with their size, so that a page knows the room
that an image takes without asking anybody.
"""

import re
from typing import NamedTuple

FOLDER = "/knowledge/files/"
_KEY = r"[0-9a-f]{40}-[1-9]\d{0,4}x[1-9]\d{0,4}\.webp"
_MENTIONED = re.compile(rf"{FOLDER}({_KEY})(?![\w.-])")


class Pixels(NamedTuple):
    width: int
    height: int


def file_key(digest: str, size: Pixels) -> str:
    """`digest`: the hexadecimal SHA-256 of what is stored."""
    return f"{digest[:40]}-{size.width}x{size.height}.webp"


def is_key(word: str) -> bool:
    return re.fullmatch(_KEY, word) is not None


def file_address(key: str) -> str:
    """The path of the image's address."""
    return FOLDER + key


def key_of(address: str) -> str | None:
    """The key of an address of ours; None for any other address."""
    key = address.removeprefix(FOLDER)
    return key if address.startswith(FOLDER) and is_key(key) else None


def size_of(key: str) -> Pixels:
    width, _, height = key.removesuffix(".webp").partition("-")[2].partition("x")
    return Pixels(int(width), int(height))


def keys_in(text: str) -> frozenset[str]:
    """The images that a text in Markdown or HTML names."""
    return frozenset(_MENTIONED.findall(text))
