"""Values of a file that an author wrote: each read strictly, all that is wrong said at once."""

import re
from collections.abc import Callable
from typing import Any

from portal.domain.errors import Invalid
from portal.domain.knowledge import LONGEST_SLUG, SLUG
from portal.domain.markdown_text import link_trouble

LONGEST_ADDRESS = 1000
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_REQUIRED = object()


class Values:
    """Keys taken one by one; what is wrong is kept until all were looked at."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._left = dict(values)
        self.wrong: dict[str, str] = {}

    def take(self, key: str, read: Callable[[Any], Any], usual: Any = _REQUIRED) -> Any:
        if key not in self._left:
            if usual is _REQUIRED:
                self.wrong[key] = "This key is missing."
                return None
            return usual
        try:
            return read(self._left.pop(key))
        except Invalid as refusal:
            self.wrong[key] = refusal.message
            return None

    def forget(self, *keys: str) -> None:
        for key in keys:
            self._left.pop(key, None)

    def found(self) -> dict[str, str]:
        for key in self._left:
            self.wrong[key[:80]] = "There is no such key here."
        return self.wrong

    def finish(self) -> None:
        if self.found():
            raise Invalid("The file is wrong.", fields=self.wrong)


def plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def line_of(most: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise Invalid("Write one line of text (in double quotes where it looks like a number).")
        if _UNPRINTABLE.search(value) or value != value.strip():
            raise Invalid("Write one line, without control characters or spaces around it.")
        if len(value) > most:
            raise Invalid(f"Write at most {most} characters.")
        return value

    return read


def address_of(value: Any) -> str:
    address = line_of(LONGEST_ADDRESS)(value)
    if " " in address or not address.startswith(("https://", "/")) or link_trouble(address):
        raise Invalid("Write an address that begins with https://, or a path of the portal.")
    return address


def whole_number(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Invalid(f"Write a whole number between {least} and {most}.")
        return value

    return read


def name_of(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(SLUG, value) or len(value) > LONGEST_SLUG:
        raise Invalid("A key has small letters, digits and hyphens only.")
    return value
