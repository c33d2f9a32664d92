"""The catalogues hold what the source says, all of it translated."""

import re
from collections import Counter

import pytest

from scripts.messages import LOCALES
from tests.translations.catalogues import Entry, catalogue, collected, entries, known

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def _wrong(found: list[str]) -> str:
    return "\n".join(["", *found])


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_of_the_source_is_in_the_catalogue(locale: str) -> None:
    missing = collected() - known(locale)
    assert not missing, _wrong(["run `make messages` and translate:", *map(str, missing)])


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_stands_in_the_catalogue_that_nobody_says(locale: str) -> None:
    stale = known(locale) - collected()
    assert not stale, _wrong(["run `make messages`, which takes out:", *map(str, stale)])


def test_the_source_says_a_lot() -> None:
    """The collection itself works: it finds Python, templates, mails, reports and contexts."""
    for message in ("Sign in", "Value reports", "Hello %(name)s,", "Where each number is from"):
        assert (None, message) in collected()
    assert ("place", "People") in collected()


def test_everything_is_translated() -> None:
    empty = [one.name for one in entries() if not all(said.strip() for said in one.said)]
    assert not empty, _wrong(empty)


def test_nothing_is_a_guess() -> None:
    guessed = [one.name for one in entries() if one.fuzzy]
    assert not guessed, _wrong(guessed)


@pytest.mark.parametrize("locale", LOCALES)
def test_chinese_has_one_form_for_any_number(locale: str) -> None:
    assert catalogue(locale).num_plurals == 1
    several = [one.name for one in entries() if one.locale == locale and len(one.said) != 1]
    assert not several, _wrong(several)


def test_placeholders_are_those_of_the_english() -> None:
    wrong = [one.name for one in entries() if not _same_placeholders(one)]
    assert not wrong, _wrong(wrong)


def _same_placeholders(one: Entry) -> bool:
    wanted = [_placeholders(words) for words in one.english]
    return all(_placeholders(said) in wanted for said in one.said)


def _placeholders(words: str) -> Counter[str]:
    """Names, and what else `%` and `.format` put in: per cent signs and braces."""
    found = Counter(PLACEHOLDER.findall(words))
    found["{}"] = words.count("{}")
    found["%%"] = int("%%" in words)
    found["%"] = PLACEHOLDER.sub("", words).replace("%%", "").count("%")
    return found


def test_messages_can_be_filled_in() -> None:
    broken = [one.name for one in entries() if not _fills(one)]
    assert not broken, _wrong(broken)


def _fills(one: Entry) -> bool:
    values = {name: "7" for words in one.english for name in PLACEHOLDER.findall(words)}
    if not values:
        return True
    return all("%(" not in said % values for said in one.said)
