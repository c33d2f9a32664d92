"""One account's score in words and drawings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.health.history import history_chart
from portal.blueprints.health.overruled import OverrideLine, override_line
from portal.domain.health import Contribution
from portal.domain.segments import SegmentRule
from portal.services.desk import AccountFacts
from portal.services.health import GlassBox
from portal.services.health.lifting import BestStep
from portal.services.health.overrides import PastOverride
from portal.services.health.reading import MemberRow
from portal.web.alert_rules import segment_name
from portal.web.formats import day, num, pct, signed
from portal.web.health import (
    BANDS,
    COMPONENTS,
    MARKS,
    HealthWords,
    best_words,
    change_words,
    definition_of,
    health_words,
    names_of,
    override_words,
)
from portal.web.listing import Link
from portal.web.prose import joined, listed, spelled
from reports.charts import Chart, Wording, signed_bar

SPANS = (90, 365)
MOST_COSTLY = 2
LITTLE = 0.05


@dataclass(frozen=True, slots=True)
class Wordings:
    """What tells keys apart for a reader: numbers of models, names of segments."""

    numbers: Mapping[str, int]
    rules: tuple[SegmentRule, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A component's line. `kind` is the shape of its value."""

    name: str
    kind: str
    value: str
    meter: float
    lost: str
    words: str
    about: str
    id: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    key: str
    name: str
    seats: str
    mark: HealthWords


@dataclass(frozen=True, slots=True)
class HealthPage:
    head: AccountFacts
    mark: HealthWords
    lead: str
    basis: str
    held: str
    bars: list[Bar]
    missing: str
    best: str
    best_gain: str
    best_at: BestStep | None
    best_why: str
    moved_head: str
    moved: Chart | None
    history: Chart | None
    pins: list[str]
    spans: list[Link]
    csv_url: str
    members: list[MemberLine]
    group: str
    overrides: list[OverrideLine]
    scored: bool


def health_page(
    head: AccountFacts,
    found: GlassBox | None,
    span: int,
    words: Wordings,
    overrides: Sequence[PastOverride],
) -> HealthPage:
    mark = health_words(found.row if found else None)
    scored = found is not None and found.row.score is not None
    history, pins = history_chart(found, words.numbers) if found and scored else (None, [])
    return HealthPage(
        head=head,
        mark=mark,
        lead=_lead(found),
        basis=_basis(found, words) if found else "",
        held=_held(found) if found else "",
        bars=_bars(found) if found else [],
        missing=_missing(found) if found else "",
        best=change_words(found.best.change) if found and found.best else "",
        best_gain=signed(found.best.change.gain, 1) if found and found.best else "",
        best_at=found.best if found and found.best and found.best.name else None,
        best_why=_best_why(found) if found else "",
        moved_head=_("What moved it since %(day)s", day=day(found.since))
        if found and found.since
        else _("What moved it"),
        moved=_moved(found) if found and scored else None,
        history=history,
        pins=pins,
        spans=_spans(head.key, span),
        csv_url=url_for("health.history_csv", account_key=head.key, days=span),
        members=[_member(one) for one in found.members] if found else [],
        group=_group(found) if found else "",
        overrides=[override_line(one, found) for one in overrides],
        scored=scored,
    )


def _lead(found: GlassBox | None) -> str:
    """Activity and service cost 21 of the 32 points lost. One change would add most."""
    if found is None or found.row.score is None:
        return _("Nothing is known yet of what makes a score.")
    costly = sorted((one for one in found.parts if one.lost >= LITTLE), key=lambda one: -one.lost)
    if not costly:
        return _("No point is lost.")
    first = costly[:MOST_COSTLY]
    said = _(
        "%(names)s cost %(some)s of the %(all)s points lost.",
        names=listed(names_of([one.component for one in first])),
        some=num(sum(one.lost for one in first), 1),
        all=num(sum(one.lost for one in costly), 1),
    )
    return joined(said, best_words(found.best))


def _held(found: GlassBox) -> str:
    row = found.row
    if row.override is None:
        return ""
    own = ""
    if row.scored is not None:
        own = _("By its own figures it would be “%(band)s”.", band=BANDS[row.scored])
    return joined(override_words(row.override), own)


def _basis(found: GlassBox, words: Wordings) -> str:
    model = found.history[-1].model if found.history else ""
    return _(
        "Made from all that was known at the end of %(day)s there, by model %(number)s for the "
        "segment %(segment)s. The score is rounded to a whole number, and that number decides.",
        day=day(found.row.day),
        number=num(words.numbers.get(model)),
        segment=segment_name(words.rules, found.segment),
    )


def _bars(found: GlassBox) -> list[Bar]:
    return [_bar(part, found) for part in found.parts if part.value is not None and part.weight]


def _bar(part: Contribution, found: GlassBox) -> Bar:
    value = part.value or 0.0
    moved = next((one for one in found.moved if one.component is part.component), None)
    return Bar(
        name=str(COMPONENTS[part.component]),
        kind=_kind(value),
        value=num(value, 1),
        meter=round(value, 1),
        lost=signed(-part.lost, 1) if part.lost >= LITTLE else num(0),
        words=_weight_words(part, moved.points if moved else None),
        about=definition_of(part.component),
        id=f"about-{part.component.value}",
    )


def _kind(value: float) -> str:
    """A component's shape is by the usual bands: those of the model are for the score."""
    return "good" if value >= 75 else "watch" if value >= 50 else "risk"  # noqa: PLR2004 # the usual bands


def _weight_words(part: Contribution, moved: float | None) -> str:
    """Weight 25, counts 50 %: adds 30.1 points; −2.4 in a week"""
    said = _(
        "Weight %(weight)s, counts %(share)s: adds %(points)s points.",
        weight=num(part.weight),
        share=pct(part.share),
        points=num(part.points, 1),
    )
    if moved is None:
        return said
    return joined(said, _("%(change)s in a week.", change=signed(moved, 1)))


def _missing(found: GlassBox) -> str:
    missing = found.missing
    if not missing:
        return _("Every component has data.")
    return ngettext(
        "%(names)s has no data yet; its weight is shared among the rest.",
        "%(names)s have no data yet; their weight is shared among the rest.",
        len(missing),
        names=listed(names_of(missing)),
    )


def _best_why(found: GlassBox) -> str:
    if found.best is None:
        return _("No single step would add anything.")
    component = COMPONENTS[found.best.change.component]
    if found.best.name:
        return _(
            "In %(component)s there, with %(share)s of the seats of the group. Of all single steps "
            "of its accounts this one adds most to the score of the group.",
            component=component,
            share=pct(found.best.share),
        )
    return _(
        "In %(component)s. Of all single steps this one adds most to the score as it is weighed "
        "today; everything else stays as it is.",
        component=component,
    )


def _moved(found: GlassBox) -> Chart | None:
    rows = [
        (str(COMPONENTS[one.component]), round(one.points, 1))
        for one in found.moved
        if abs(one.points) >= LITTLE
    ]
    if not found.since:
        return None
    rows.sort(key=lambda one: -abs(one[1]))
    wording = Wording(number=lambda value: signed(value, 1), empty=_("Nothing moved."))
    return signed_bar(
        "moved", _moved_title(found), rows, wording, head=(_("Component"), _("Points"))
    )


def _moved_title(found: GlassBox) -> str:
    before, now = found.row.before, found.row.score
    if before is None or now is None:
        return _("There is no score from a week before.")
    if before == now:
        return _("%(now)s points, as a week before.", now=num(now))
    return _("From %(before)s to %(now)s points in a week.", before=num(before), now=num(now))


def _spans(account_key: str, span: int) -> list[Link]:
    return [
        Link(
            ngettext("%(count)s day", "%(count)s days", one, count=num(one)),
            url_for(
                "health.show",
                account_key=account_key,
                days=one if one != SPANS[0] else None,
                _anchor="history",
            ),
            one == span,
        )
        for one in SPANS
    ]


def _member(one: MemberRow) -> MemberLine:
    kind = MARKS[one.band] if one.band else ""
    mark = HealthWords(kind, num(one.score), "", "")
    return MemberLine(one.key, one.name, num(one.seats), mark)


def _group(found: GlassBox) -> str:
    count = len(found.members)
    if not count:
        return ""
    return ngettext(
        "%(count)s account is part of it. The score is the mean of theirs, weighted by seats.",
        "%(count)s accounts are part of it. The score is the mean of theirs, weighted by seats.",
        count,
        count=spelled(count),
    )
