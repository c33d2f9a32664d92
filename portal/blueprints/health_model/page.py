"""The health model in words: whose weights, what a draft would change, what was before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.health import Band, Component
from portal.domain.segments import OTHERS, SegmentRule
from portal.services.health.book import ANY, HealthBook
from portal.services.health.models import ModelRow
from portal.services.health.trial import Tried
from portal.web.alert_rules import segment_name
from portal.web.formats import day_year, num, pct, signed
from portal.web.health import BANDS, COMPONENTS, MARKS
from portal.web.listing import Link
from portal.web.prose import joined

TRIAL = ("account", "name", "segment", "score", "band", "score_draft", "band_draft")


@dataclass(frozen=True, slots=True)
class ScoreWords:
    mark: str
    score: str


@dataclass(frozen=True, slots=True)
class TriedLine:
    key: str
    name: str
    segment: str
    before: ScoreWords
    after: ScoreWords
    moved: str
    way: str
    crosses: bool


@dataclass(frozen=True, slots=True)
class ModelLine:
    """`weights`: name of a segment → component and share in a row of words."""

    title: str
    words: str
    weights: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ModelPage:
    """`segment` is empty for all others; `own`: it has weights of its own in what is shown.
    `shares`: component → its share of the weights shown.
    """

    headline: str
    lead: str
    draft_key: str
    segment: str
    segment_name: str
    own: bool
    tabs: list[Link]
    shares: dict[str, str]
    tried: list[TriedLine]
    tried_head: str
    models: list[ModelLine]


def model_page(
    models: Sequence[ModelRow],
    draft: HealthBook | None,
    segment: str,
    rules: tuple[SegmentRule, ...],
    tried: Sequence[Tried],
) -> ModelPage:
    in_force = next(one for one in models if one.number is not None)
    book = draft or in_force.book
    name = _name(rules, segment)
    lines = [_tried(one, rules) for one in tried] if draft else []
    lines.sort(key=lambda one: (not one.crosses, one.moved == num(0), one.name.casefold()))
    return ModelPage(
        headline=_("Model %(number)s is in force", number=num(in_force.number)),
        lead=_lead(in_force, draft),
        draft_key=draft.key if draft else "",
        segment=segment,
        segment_name=name,
        own=segment in book.weights,
        tabs=_tabs(rules, segment, book),
        shares=_shares(book, segment),
        tried=lines,
        tried_head=_tried_head(tried),
        models=[_model(one, rules) for one in models if one.number is not None],
    )


def _lead(in_force: ModelRow, draft: HealthBook | None) -> str:
    since = (
        _("Since %(day)s.", day=day_year(in_force.activated_at.date()))
        if in_force.activated_at
        else _("It came with the house; yours begins with a draft.")
    )
    said = (
        _("A draft waits: it changes nothing before you put it in force.")
        if draft
        else _("What you change here goes into a draft first.")
    )
    return joined(since, said)


def _name(rules: tuple[SegmentRule, ...], segment: str) -> str:
    return segment_name(rules, segment) if segment else _("All without weights of their own")


def _tabs(rules: tuple[SegmentRule, ...], segment: str, book: HealthBook) -> list[Link]:
    keys = [ANY, *(rule.key for rule in rules)]
    if OTHERS in book.weights:
        keys.append(OTHERS)
    return [
        Link(
            _("%(name)s, own weights", name=_name(rules, key))
            if key and key in book.weights
            else _name(rules, key),
            url_for("health_model.index", segment=key or None),
            key == segment,
        )
        for key in keys
    ]


def _shares(book: HealthBook, segment: str) -> dict[str, str]:
    weights = book.weights_of(segment)
    total = sum(weights.values()) or 1
    return {one.value: pct(weights.get(one, 0) / total) for one in Component}


def _tried(one: Tried, rules: tuple[SegmentRule, ...]) -> TriedLine:
    return TriedLine(
        key=one.key,
        name=one.name,
        segment=segment_name(rules, one.segment),
        before=_score(one.before, one.band_before),
        after=_score(one.after, one.band_after),
        moved=signed(one.moved) if one.moved else num(0),
        way="up" if one.moved > 0 else "down" if one.moved < 0 else "",
        crosses=one.band_before is not one.band_after,
    )


def _score(score: int | None, band: Band | None) -> ScoreWords:
    return ScoreWords(MARKS[band] if band else "", num(score))


def _tried_head(tried: Iterable[Tried]) -> str:
    rows = list(tried)
    moved = sum(1 for one in rows if one.moved)
    crossing = sum(1 for one in rows if one.band_before is not one.band_after)
    if not moved:
        return _("No score would change today.")
    said = ngettext(
        "%(count)s score would change today.",
        "%(count)s scores would change today.",
        moved,
        count=num(moved),
    )
    if not crossing:
        return joined(said, _("Every account would stay in its band."))
    return joined(
        said,
        ngettext(
            "%(count)s account would stand in another band.",
            "%(count)s accounts would stand in another band.",
            crossing,
            count=num(crossing),
        ),
    )


def _model(one: ModelRow, rules: tuple[SegmentRule, ...]) -> ModelLine:
    if one.activated_at is None:
        words = _("Came with the house.")
    else:
        words = joined(
            _(
                "In force since %(day)s, by %(name)s.",
                day=day_year(one.activated_at.date()),
                name=one.activated_by or _("the command line"),
            ),
            one.note,
        )
    segments = list(one.book.weights) or [ANY]
    return ModelLine(
        title=_("Model %(number)s", number=num(one.number)),
        words=words,
        weights=[(_name(rules, key), _weights(one.book, key)) for key in segments],
    )


def _weights(book: HealthBook, segment: str) -> str:
    weights, bands = book.weights_of(segment), book.bands_of(segment)
    parts = [f"{COMPONENTS[one]} {num(n)}" for one, n in weights.items() if n]
    least = _(
        "%(green)s from %(high)s, %(yellow)s from %(low)s",
        green=BANDS[Band.GREEN],
        high=num(bands.green),
        yellow=BANDS[Band.YELLOW],
        low=num(bands.yellow),
    )
    return " · ".join([*parts, least])


def trial_rows(tried: Iterable[Tried]) -> tuple[Sequence[str], list[list[object]]]:
    return TRIAL, [
        [
            one.key,
            one.name,
            one.segment,
            one.before,
            one.band_before and one.band_before.value,
            one.after,
            one.band_after and one.band_after.value,
        ]
        for one in tried
    ]
