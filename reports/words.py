"""Language for a report: a translator from outside, numbers and dates from Babel.

House style: English numbers keep their sign apart (79 %) and put the day first (29 Jun); Chinese
has neither space (79%, 6月29日). A number and its unit never part at a line's end.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

_NO_BREAK = "\u00a0"
_BABEL = {"en": "en", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"}
_SHORT_DAY = {"en": "d{nb}MMM", "zh": "M月d日"}
_LONG_DAY = {"en": "d{nb}MMMM{nb}y", "zh": "y年M月d日"}
_DAY_AND_MONTH = {"en": "d{nb}MMMM"}
_MONTH = {"en": "MMM{nb}y", "zh": "y年M月"}
_MOMENT = {"en": "d{nb}MMM{nb}y, HH:mm", "zh": "y年M月d日 HH:mm"}
_HOUR = 3600
_SHORT_WORD = 8


class Translator(Protocol):
    """What `gettext.NullTranslations` and `babel.support.Translations` offer."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str: ...


class Words:
    """One reader's language. `locale` is en, zh-Hans or zh-Hant; ValueError for any other."""

    def __init__(self, locale: str, translator: Translator) -> None:
        if locale not in _BABEL:
            raise ValueError(f"Reports speak {', '.join(_BABEL)}, not {locale}.")
        self.locale = locale
        self._translator = translator
        self._babel = Locale.parse(_BABEL[locale])
        self._chinese = locale != "en"

    @property
    def comma(self) -> str:
        """Between facts in a row."""
        return "、" if self._chinese else ", "

    def gettext(self, message: str, **params: object) -> str:
        return self._translator.gettext(message) % params

    def ngettext(self, singular: str, plural: str, n: float, **params: object) -> str:
        """`%(n)s` is the number as it is written; `n` decides the form."""
        message = self._translator.ngettext(singular, plural, round(n))
        return message % {"n": self.number(n), **params}

    def number(self, value: float, decimals: int = 0) -> str:
        pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self._babel)

    def percent(self, ratio: float) -> str:
        sign = "%" if self._chinese else f"{_NO_BREAK}%"
        return self.number(ratio * 100) + sign

    def short_day(self, day: date) -> str:
        return self._day(day, _SHORT_DAY)

    def long_day(self, day: date) -> str:
        return self._day(day, _LONG_DAY)

    def month(self, day: date) -> str:
        return self._day(day, _MONTH)

    def moment(self, moment: datetime, time_zone: str) -> str:
        """Date and time as the clocks of the zone show them."""
        local = moment.astimezone(ZoneInfo(time_zone))
        return format_datetime(local, _pattern(_MOMENT, self.locale), locale=self._babel)

    def zone_name(self, time_zone: str) -> str:
        """The place that names the zone, such as Oslo."""
        return get_timezone_location(time_zone, locale=self._babel, return_city=True)

    def period(self, first: date, last: date) -> str:
        """Whole months by their names, anything else by its days."""
        if _whole_months(first, last):
            return format_interval(first, last, "yMMMM", locale=self._babel)
        if self._chinese:
            return format_interval(first, last, "yMMMd", locale=self._babel)
        begin = (
            self._day(first, _DAY_AND_MONTH) if first.year == last.year else self.long_day(first)
        )
        return f"{begin} – {self.long_day(last)}"

    def joined(self, sentences: Iterable[str]) -> str:
        """Sentences of one paragraph: Latin ones apart, Chinese ones not."""
        said = [one for one in sentences if one]
        return "".join(said) if self._chinese else _no_lonely_end(" ".join(said))

    def listed(self, names: list[str]) -> str:
        return "、".join(names) if self._chinese else format_list(names, locale="en_GB")

    def duration(self, seconds: float) -> tuple[str, str]:
        """Number and unit: hours from one hour on, else minutes, both whole."""
        if seconds >= _HOUR:
            hours = round(seconds / _HOUR)
            return self.number(hours), self.ngettext("hour", "hours", hours)
        minutes = round(seconds / 60)
        return self.number(minutes), self.ngettext("minute", "minutes", minutes)

    def _day(self, day: date, patterns: dict[str, str]) -> str:
        return format_date(day, _pattern(patterns, self.locale), locale=self._babel)


def _pattern(patterns: dict[str, str], locale: str) -> str:
    return patterns[locale.split("-", maxsplit=1)[0]].format(nb=_NO_BREAK)


def _no_lonely_end(said: str) -> str:
    """Keeps a short last word with the one before it."""
    start, space, end = said.rpartition(" ")
    return start + _NO_BREAK + end if space and len(end) <= _SHORT_WORD else said


def _whole_months(first: date, last: date) -> bool:
    return first.day == 1 and (last + timedelta(days=1)).day == 1
