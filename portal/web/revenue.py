"""Recurring revenue in words, for the vendor's people alone."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel import numbers

from portal.locales import babel_locale
from portal.web.locale import request_locale


def money_words(amounts: Mapping[str, Decimal]) -> str:
    """“€87K”, one beside the other for each currency; empty where none is known."""
    locale = request_locale()
    return " + ".join(_said(amount, name, locale) for name, amount in sorted(amounts.items()))


@lru_cache(maxsize=4096)
def _said(amount: Decimal, currency: str, locale: str) -> str:
    """Kept: a board says the same few sums many times."""
    place = babel_locale(locale)
    if currency:
        return str(numbers.format_compact_currency(amount, currency, locale=place))
    return str(numbers.format_compact_decimal(amount, locale=place))
