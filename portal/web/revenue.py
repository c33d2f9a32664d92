"""Recurring revenue in words, for the vendor's people alone."""

from collections.abc import Mapping
from decimal import Decimal

from babel import numbers
from flask_babel import get_locale


def money_words(amounts: Mapping[str, Decimal]) -> str:
    """“€87K”, one beside the other for each currency; empty where none is known."""
    place = get_locale()
    said = [
        numbers.format_compact_currency(amount, currency, locale=place)
        if currency
        else numbers.format_compact_decimal(amount, locale=place)
        for currency, amount in sorted(amounts.items())
    ]
    return " + ".join(said)
