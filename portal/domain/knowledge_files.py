"""How stored files are named: by their content; images with their size, so that a page knows the
room that an image takes without asking anybody, other files with an ending that says what they are.
"""

import re
from typing import NamedTuple

FOLDER = "/knowledge/files/"
_KEY = r"[0-9a-f]{40}-[1-9]\d{0,4}x[1-9]\d{0,4}\.webp"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
"""By the ending of a key. Which of them a content is, portal.domain.lesson_files says."""
_MEDIA = rf"[0-9a-f]{{40}}\.(?:{'|'.join(MEDIA_TYPES)})"
_MENTIONED = re.compile(rf"{FOLDER}({_KEY}|{_MEDIA})(?![\w.-])")


class Pixels(NamedTuple):
    width: int
    height: int


def file_key(digest: str, size: Pixels) -> str:
    """`digest`: the hexadecimal SHA-256 of what is stored."""
    return f"{digest[:40]}-{size.width}x{size.height}.webp"


def media_key(digest: str, ending: str) -> str:
    """`digest`: as for file_key."""
    return f"{digest[:40]}.{ending}"


def is_key(word: str) -> bool:
    """Of an image."""
    return re.fullmatch(_KEY, word) is not None


def is_media_key(word: str) -> bool:
    """Of a file that is no image."""
    return re.fullmatch(_MEDIA, word) is not None


def ending_of_key(key: str) -> str:
    return key.rpartition(".")[2]


def file_address(key: str) -> str:
    """The path of the file's address."""
    return FOLDER + key


def key_of(address: str) -> str | None:
    """The key of an image's address of ours; None for any other address."""
    key = address.removeprefix(FOLDER)
    return key if address.startswith(FOLDER) and is_key(key) else None


def media_key_of(address: str) -> str | None:
    """The key of the address of a file of ours that is no image; None for any other address."""
    key = address.removeprefix(FOLDER)
    return key if address.startswith(FOLDER) and is_media_key(key) else None


def size_of(key: str) -> Pixels:
    width, _, height = key.removesuffix(".webp").partition("-")[2].partition("x")
    return Pixels(int(width), int(height))


def keys_in(text: str) -> frozenset[str]:
    """The stored files that a text in Markdown or HTML names."""
    return frozenset(_MENTIONED.findall(text))
