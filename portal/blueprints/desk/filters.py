"""The filters above the list of accounts: what may be chosen, and what is."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.domain.health import Band
from portal.domain.lifecycle import STAGES
from portal.domain.segments import OTHERS
from portal.services.account_book import Book
from portal.services.desk import NOBODY, NONE, AccountQuestion
from portal.web.alert_rules import segment_name
from portal.web.health import BANDS
from portal.web.stages import stage_name

Option = tuple[str, str, bool]
"""Value, label, whether it is chosen."""


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    options: list[Option]


def filters_of(question: AccountQuestion, book: Book, *, owners: bool) -> list[Filter]:
    """`owners`: the reader sees accounts of several."""
    found = [
        _filter("segment", _("Segment"), _("Any segment"), _segments(book), question.segment),
        _filter("stage", _("Stage"), _("Any stage"), _stages(book), question.stage),
        _filter("health", _("Health"), _("Any health"), _bands(), question.band),
    ]
    if owners:
        owned = _owners(book)
        found.append(
            _filter("owner", _("Success manager"), _("Everybody’s"), owned, question.owner)
        )
    return found


def _filter(
    name: str, label: str, any_: str, pairs: Iterable[tuple[str, str]], chosen: str
) -> Filter:
    options = [("", any_), *pairs]
    return Filter(name, label, [(value, words, value == chosen) for value, words in options])


def _segments(book: Book) -> list[tuple[str, str]]:
    keys = [*(rule.key for rule in book.rules), OTHERS]
    return [(key, segment_name(book.rules, key)) for key in keys]


def _stages(book: Book) -> list[tuple[str, str]]:
    there = {entry.stage for entry in book.entries.values()}
    return [(stage.value, stage_name(stage)) for stage in STAGES if stage.value in there]


def _bands() -> list[tuple[str, str]]:
    return [*((band.value, str(BANDS[band])) for band in Band), (NONE, _("no score"))]


def _owners(book: Book) -> list[tuple[str, str]]:
    there = {entry.owner_key: entry.owner for entry in book.entries.values()}
    named = sorted((name, key) for key, name in there.items() if key)
    nobody = [(NOBODY, _("nobody yet"))] if "" in there else []
    return [*((key, name) for name, key in named), *nobody]
