"""Traditional Chinese out of simplified, by machine, for a person to look at."""

import re

from portal.domain.chinese_scripts import rewritten

# What no reader sees as words: code, the addresses of links and pictures.
_KEPT = re.compile(r"`[^`\n]*`|\]\([^)\n]*\)|https?://\S+")
_QUOTES = str.maketrans({"“": "「", "”": "」", "‘": "『", "’": "』"})
_LATIN = re.compile(r"(?<=[A-Za-z0-9])’(?=[A-Za-z])")


def traditional(text: str) -> str:
    """In the usage of Taiwan (phrases, too) and with its quotation marks."""
    found, at = [], 0
    for kept in _KEPT.finditer(text):
        found += [_convert(text[at : kept.start()]), kept.group()]
        at = kept.end()
    return "".join([*found, _convert(text[at:])])


def _convert(words: str) -> str:
    # An apostrophe in a Latin word is no quotation mark.
    marked = _LATIN.sub("\ue000", words)
    said = rewritten(marked, "s2twp")
    return said.translate(_QUOTES).replace("\ue000", "’")
