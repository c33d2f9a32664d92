"""What was found, of every kind that the reader may see, as the panel and the page show it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _

from portal.blueprints.search.forms import Wish
from portal.domain.knowledge import LESSON
from portal.locales import OWN_NAMES
from portal.search import Segments
from portal.services.knowledge_features import feature_names_of
from portal.services.search import Answer, Found, Question, search_knowledge
from portal.web.guards import db, scope
from portal.web.listing import Link
from portal.web.locale import request_locale
from portal.web.search_index import search_index
from portal.web.search_sources import (
    Asked,
    Entry,
    Finding,
    KindWords,
    Source,
    sources_for,
    text_kinds,
)

MOST_BESIDE = 2
"""Of each source, where texts are shown too."""
MOST_LEADING = 3
MOST_FEATURES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """`lang` is set where the row stands in another language than the page; `tag` says which, or
    that the words were found in another one, or that none was found. `found` is the text itself,
    where it is one.
    """

    words: KindWords
    title: Segments
    gist: Segments
    url: str
    key: str
    lang: str = ""
    tag: str = ""
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice with its count; `value` "" is all."""

    value: str
    link: Link


@dataclass(frozen=True, slots=True)
class Shown:
    """`total` is what the present filters leave, of which `paged` go on over pages: beside texts,
    other things stand on the first page only. `nearest`: nothing holds the words, what is shown
    means much the same. `weak`: and hardly that, so a person should be asked.
    """

    total: int
    paged: int
    rows: list[Row]
    kinds: list[Filter]
    languages: list[Filter] = field(default_factory=list)
    features: list[Filter] = field(default_factory=list)
    did_you_mean: str | None = None
    plain: bool = False
    nearest: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class _Beside:
    source: Source
    finding: Finding


def find(wish: Wish, limit: int, *, as_you_type: bool = False) -> Shown:
    """The wish answered in the session of the request."""
    answer = _texts(wish, limit, as_you_type=as_you_type)
    beside = [] if wish.feature or wish.language else _others(wish, limit)
    total = {one.source.kind: one.finding.total for one in beside}
    everything = sum(answer.counts.values()) + sum(total.values())
    paged = total.get(wish.kind, answer.total)
    return Shown(
        total=paged if wish.kind else paged + sum(total.values()),
        paged=paged,
        rows=_rows(wish, answer, beside),
        kinds=_kinds(wish, answer, beside, everything),
        languages=[] if as_you_type else _languages(wish, answer),
        features=[] if as_you_type else _features(wish, answer),
        did_you_mean=answer.did_you_mean,
        plain=answer.plain,
        nearest=0 < answer.near == answer.total and not sum(total.values()),
        weak=answer.weak and not sum(total.values()),
    )


def _texts(wish: Wish, limit: int, *, as_you_type: bool) -> Answer:
    index = search_index()
    elsewhere = bool(wish.kind) and wish.kind not in text_kinds()
    question = Question(
        wish.question,
        types=[wish.kind] if wish.kind and not elsewhere else None,
        features=[wish.feature] if wish.feature else None,
        locales=[wish.language] if wish.language else None,
        limit=0 if elsewhere else limit,
        offset=wish.offset,
        as_you_type=as_you_type,
    )
    answer = search_knowledge(db(), index.engine, question)
    if answer.behind:
        index.follow_soon()
    return answer


def _others(wish: Wish, limit: int) -> list[_Beside]:
    found = []
    for source in sources_for(scope()):
        if wish.kind == source.kind:
            asked = Asked(wish.question, limit, wish.offset)
        else:
            asked = Asked(wish.question, MOST_BESIDE if not wish.kind and wish.page == 1 else 0)
        found.append(_Beside(source, source.find(db(), asked)))
    return found


def _rows(wish: Wish, answer: Answer, beside: list[_Beside]) -> list[Row]:
    """What begins as asked stands above the texts, other things below them."""
    entries = [(one.source.words, entry) for one in beside for entry in one.finding.entries]
    if wish.kind:
        return [_row(words, entry) for words, entry in entries] + _text_rows(answer)
    first = [_row(words, entry) for words, entry in entries if entry.first][:MOST_LEADING]
    rest = [_row(words, entry) for words, entry in entries if not entry.first]
    return [*first, *_text_rows(answer), *rest]


def _row(words: KindWords, entry: Entry) -> Row:
    gist: Segments = ((entry.gist, False),) if entry.gist else ()
    return Row(words, entry.title, gist, entry.url, "")


def _text_rows(answer: Answer) -> list[Row]:
    kinds, locale = text_kinds(), request_locale()
    rows = []
    for found in answer.found:
        line = found.line
        other = line.locale if line.locale != locale else ""
        gist = found.passage or ((line.summary, False),)
        words = kinds[line.type]
        # Judged are texts of the hub; a lesson goes with its course.
        key = "" if line.type == LESSON else line.slug
        rows.append(Row(words, found.title, gist, found.url, key, other, _tag(found, other), found))
    return rows


def _tag(found: Found, other: str) -> str:
    if other:
        return OWN_NAMES[other]
    if found.by_meaning:
        return _("close in meaning")
    if found.matched_locale[:2] != found.line.locale[:2] and not _marked(found):
        return _("found in %(language)s", language=OWN_NAMES[found.matched_locale])
    return ""


def _marked(found: Found) -> bool:
    """Words of the question stand in what is shown, so it was found in this language, too."""
    return any(hit for _words, hit in (*found.title, *found.passage))


def _kinds(wish: Wish, answer: Answer, beside: list[_Beside], everything: int) -> list[Filter]:
    counted = [
        (kind, words.chip, answer.counts.get(kind, 0)) for kind, words in text_kinds().items()
    ]
    counted += [(one.source.kind, one.source.words.chip, one.finding.total) for one in beside]
    shown = [one for one in counted if one[2] or one[0] == wish.kind]
    every = _filter(wish, "type", "", _("All"), everything)
    return [every, *(_filter(wish, "type", kind, chip, count) for kind, chip, count in shown)]


def _languages(wish: Wish, answer: Answer) -> list[Filter]:
    counts = answer.facets.get("locale", {})
    shown = [
        _filter(wish, "language", locale, name, counts.get(locale, 0))
        for locale, name in OWN_NAMES.items()
        if counts.get(locale) or wish.language == locale
    ]
    return _optional(wish, "language", shown)


def _features(wish: Wish, answer: Answer) -> list[Filter]:
    counts = answer.facets.get("feature", {})
    most = sorted(counts, key=lambda key: (-counts[key], key))[:MOST_FEATURES]
    keys = [wish.feature, *most] if wish.feature and wish.feature not in most else most
    names = feature_names_of(db(), keys)
    shown = [_filter(wish, "feature", key, names[key], counts.get(key, 0)) for key in keys]
    return _optional(wish, "feature", shown)


def _optional(wish: Wish, name: str, shown: Iterable[Filter]) -> list[Filter]:
    """Where there is no choice there is no filter."""
    found = list(shown)
    chosen = wish.address().get(name)
    if not chosen and len(found) < 2:  # noqa: PLR2004 - one value leaves what there is
        return []
    return [_filter(wish, name, "", _("Any"), None), *found]


def _filter(wish: Wish, name: str, value: str, label: object, count: int | None) -> Filter:
    current = wish.address().get(name, "") == value
    url = url_for("search.index", **wish.address(**{name: value}))
    return Filter(value, Link(str(label), url, current, None if count is None else str(count)))
