"""The three languages, their gettext catalogues and their names. Pure: no request, no clock."""

from collections.abc import Iterable
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.support import Translations

LOCALES = ("en", "zh-Hans", "zh-Hant")
DEFAULT_LOCALE = "en"
OWN_NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
CATALOGUES = Path(__file__).parent / "translations"

# What a browser or a person may send, and what we speak to them.
_ALIASES = {
    "en": "en",
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-hant": "zh-Hant",
}


def known_locale(tag: str | None) -> str | None:
    """The locale for a BCP 47 tag (zh-TW → zh-Hant, en-GB → en); None where we have none."""
    parts = (tag or "").replace("_", "-").lower().split("-")
    for length in range(min(len(parts), 2), 0, -1):
        found = _ALIASES.get("-".join(parts[:length]))
        if found:
            return found
    return None


def best_locale(wanted: Iterable[str | None]) -> str:
    """The first of the wishes that we speak, else English."""
    for tag in wanted:
        found = known_locale(tag)
        if found:
            return found
    return DEFAULT_LOCALE


@cache
def babel_locale(locale: str) -> Locale:
    return Locale.parse(locale, sep="-")


@cache
def translations(locale: str) -> NullTranslations:
    """The gettext catalogue of the locale; English is the source and needs none."""
    if locale == DEFAULT_LOCALE:
        return NullTranslations()
    return Translations.load(str(CATALOGUES), [str(babel_locale(locale))])
