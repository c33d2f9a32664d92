"""The filters above the list of accounts: what may be chosen, and what is."""

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


@dataclass(frozen=True, slots=True)
class Filter:
    """`any` is the word for all of them, `options` are values and their words."""

    name: str
    label: str
    any: str
    options: list[tuple[str, str]]
    chosen: str


def filters_of(question: AccountQuestion, book: Book, *, csms: bool) -> list[Filter]:
    """`csms`: the reader sees accounts of several."""
    found = [
        Filter("segment", _("Segment"), _("Any segment"), _segments(book), question.segment),
        Filter("stage", _("Stage"), _("Any stage"), _stages(book), question.stage),
        Filter("health", _("Health"), _("Any health"), _bands(), question.band),
    ]
    if csms:
        named = _csms(book)
        found.append(Filter("owner", _("Success manager"), _("Everybody’s"), named, question.csm))
    return found


def _segments(book: Book) -> list[tuple[str, str]]:
    keys = [*(rule.key for rule in book.rules), OTHERS]
    return [(key, segment_name(book.rules, key)) for key in keys]


def _stages(book: Book) -> list[tuple[str, str]]:
    return [(stage.value, stage_name(stage)) for stage in STAGES if stage.value in book.stages]


def _bands() -> list[tuple[str, str]]:
    return [*((band.value, str(BANDS[band])) for band in Band), (NONE, _("no score"))]


def _csms(book: Book) -> list[tuple[str, str]]:
    named = sorted((name, key) for key, name in book.csms.items() if key)
    nobody = [(NOBODY, _("nobody yet"))] if "" in book.csms else []
    return [*((key, name) for name, key in named), *nobody]
