"""Words and sentences put together as the reader's language does it."""

from collections.abc import Iterable
from datetime import date

from flask import Flask
from flask_babel import gettext as _

from portal.services.report_files import report_words
from portal.web.formats import num
from portal.web.locale import request_locale

_WORDS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six"),
    *("Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
)
_ENDS = ".!?…。！？"
_FIRST_CHINESE = "\u2e80"
NOON, EVENING, NIGHT = 12, 18, 4


def init_prose(app: Flask) -> None:
    app.jinja_env.filters["facts"] = row_of


def spelled(count: int) -> str:
    """Twelve at the beginning of an English sentence; figures in Chinese, and above twelve."""
    if request_locale() == "en" and 0 <= count < len(_WORDS):
        return _WORDS[count]
    return num(count)


def joined(*sentences: str) -> str:
    """One after the other; between Chinese ones there is no space."""
    return report_words(request_locale()).joined(sentences)


def closed(words: str) -> str:
    """What somebody wrote, with a full stop where none was written and a sentence follows."""
    typed = words.rstrip()
    if not typed or typed[-1] in _ENDS:
        return typed
    return typed + ("。" if typed[-1] >= _FIRST_CHINESE else ".")


def listed(names: Iterable[str]) -> str:
    """Finance, Quality and Logistics; 财务、质量、物流"""
    return report_words(request_locale()).listed(list(names))


def row_of(parts: Iterable[object]) -> str:
    """Facts in a row: strategic, food, north. Empty ones are left out. Template filter `facts`."""
    return comma().join(said for part in parts if part and (said := str(part)))


def labelled(name: str, value: str) -> str:
    """Planned: Export by region; 已排期：按区域导出"""
    return _("%(name)s: %(value)s", name=name, value=value)


def comma() -> str:
    return ", " if request_locale() == "en" else "、"


def period(first: date, last: date) -> str:
    """July to September 2026 where these are whole months, else its days."""
    return report_words(request_locale()).period(first, last)


def greeting(name: str, hour: int) -> str:
    """Good morning, Ingrid: at that hour of the reader's day, 0 to 23."""
    who = called(name)
    if NIGHT <= hour < NOON:
        return _("Good morning, %(name)s", name=who)
    if NOON <= hour < EVENING:
        return _("Good afternoon, %(name)s", name=who)
    return _("Good evening, %(name)s", name=who)


def called(name: str) -> str:
    """What somebody is called: the first name; the whole of a Chinese one, or of an address."""
    return (name.split(maxsplit=1) or [name])[0]
