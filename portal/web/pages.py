from collections.abc import Mapping

MOST_DIGITS = 5


def page_number(asked: Mapping[str, str]) -> int:
    """`?page=` as a number from 1; anything else is the first page."""
    said = asked.get("page", "")
    if not (said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS):
        return 1
    return max(1, int(said))
