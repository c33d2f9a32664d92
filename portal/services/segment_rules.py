"""Segments as an administrator sees and changes them: counts, a preview, an order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycle import STAGES
from portal.domain.segments import OTHERS, USUAL_SEGMENTS, SegmentRule, Traits, segment_of
from portal.models import Account, AlertRule, HealthModel, Segment
from portal.services.audit import record
from portal.services.segments import segment_rules

TIERS = ("strategic", "standard", "small")
PARTS = ("tiers", "industries", "regions", "stages")
"""The lists of a rule, in the order of Traits."""
MOST_NAMES = 12
MOST_SEGMENTS = 60
LONGEST_KEY = 32


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """`accounts` counts those that are in it now."""

    rule: SegmentRule
    accounts: int


@dataclass(frozen=True, slots=True)
class SegmentList:
    """`others`: accounts that are in none. `usual`: the vendor has made no segment of its own."""

    lines: list[SegmentLine]
    others: int
    usual: bool


@dataclass(frozen=True, slots=True)
class SegmentText:
    """What a form says of a segment."""

    name_en: str
    name_zh: str
    parts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fit:
    """Accounts that fit a rule: `names` are (key, name) of the first of them, `earlier` counts
    those that an earlier segment takes.
    """

    count: int
    earlier: int
    names: list[tuple[str, str]]


def list_segments(session: Session) -> SegmentList:
    """In their order. Three statements."""
    rules = segment_rules(session)
    counts = dict.fromkeys((*(rule.key for rule in rules), OTHERS), 0)
    for traits, count in _counted(session):
        counts[segment_of(rules, traits)] += count
    lines = [SegmentLine(rule, counts[rule.key]) for rule in rules]
    return SegmentList(lines, counts[OTHERS], usual=not _has_own(session))


def _counted(session: Session) -> list[tuple[Traits, int]]:
    parts = (Account.tier, Account.industry, Account.region, Account.stage)
    rows = session.execute(select(*parts, func.count(Account.id)).group_by(*parts))
    return [(Traits(*row[:-1]), int(row[-1])) for row in rows]


def _has_own(session: Session) -> bool:
    return session.scalar(select(Segment.id).limit(1)) is not None


def find_segment(session: Session, key: str) -> SegmentRule:
    """Raises NotFound."""
    found = next((one for one in segment_rules(session) if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def trait_choices(session: Session, rule: SegmentRule | None = None) -> dict[str, list[str]]:
    """What a rule may name, part by part: what accounts have, and what the rule names already."""
    seen = [traits for traits, _count in _counted(session)]
    said = {part: set(getattr(rule, part)) if rule else set() for part in PARTS}
    industries = said["industries"] | {one.industry for one in seen} - {""}
    regions = said["regions"] | {one.region for one in seen} - {""}
    more = (said["tiers"] | {one.tier for one in seen}) - set(TIERS)
    return {
        "tiers": [*TIERS, *sorted(more)],
        "industries": sorted(industries, key=str.casefold),
        "regions": sorted(regions, key=str.casefold),
        "stages": [stage.value for stage in STAGES],
    }


def fitting(session: Session, parts: Mapping[str, Sequence[str]], key: str = "") -> Fit:
    """Accounts that fit the parts. `key` is the segment that is being changed, empty for a new
    one, which comes last.
    """
    rules = segment_rules(session)
    places = [rule.key for rule in rules]
    before = rules[: places.index(key)] if key in places else rules
    tried = _rule(key, SegmentText("", "", parts))
    count = earlier = 0
    names: list[tuple[str, str]] = []
    for row in session.execute(_ACCOUNTS):
        traits = Traits(*row[2:])
        if tried.fits(traits):
            count += 1
            earlier += any(one.fits(traits) for one in before)
            if len(names) < MOST_NAMES:
                names.append((row.key, row.name))
    return Fit(count, earlier, names)


_ACCOUNTS = select(
    Account.key, Account.name, Account.tier, Account.industry, Account.region, Account.stage
).order_by(func.lower(Account.name), Account.key)


def create_segment(session: Session, text: SegmentText) -> str:
    """The last in the order; its key. Raises Invalid. Commits."""
    _check(session, text, None)
    rows = _own_rows(session)
    if len(rows) >= MOST_SEGMENTS:
        raise Invalid("There are as many segments as there may be.", code="too-many-segments")
    key = _new_key(text.name_en, {row.key for row in rows} | {OTHERS})
    row = Segment(key=key, position=len(rows) + 1)
    _write(row, text)
    session.add(row)
    _done(session, "segment.created", key, **_details(text))
    return key


def change_segment(session: Session, key: str, text: SegmentText) -> None:
    """Raises NotFound and Invalid. Commits."""
    _check(session, text, find_segment(session, key))
    row = next(one for one in _own_rows(session) if one.key == key)
    before = {part: list(getattr(row, part)) for part in PARTS}
    _write(row, text)
    _done(session, "segment.changed", key, **_details(text), before=before)


def move_segment(session: Session, key: str, *, up: bool) -> None:
    """One place up or down; nothing at the end. Raises NotFound. Commits."""
    find_segment(session, key)
    rows = _own_rows(session)
    place = next(i for i, row in enumerate(rows) if row.key == key)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows, 1):
            row.position = position
        _done(session, "segment.moved", key, place=other + 1)


def delete_segment(session: Session, key: str) -> None:
    """Raises NotFound, and Conflict while alert rules or the health model name it. Commits."""
    find_segment(session, key)
    ruled = select(AlertRule.id).where(AlertRule.segment == key).limit(1)
    if session.scalar(ruled) is not None:
        said = "Alert rules are set for this segment. Take those settings back first."
        raise Conflict(said, code="segment-has-rules")
    if _weighed(session, key):
        said = "The health model has weights or bands for this segment. Take them out first."
        raise Conflict(said, code="segment-has-weights")
    session.delete(next(one for one in _own_rows(session) if one.key == key))
    _done(session, "segment.deleted", key)


def _weighed(session: Session, key: str) -> bool:
    """By the model in force, or by the draft of the next."""
    models = select(HealthModel.weights, HealthModel.bands)
    newest = HealthModel.activated_at.desc(), HealthModel.id.desc()
    active = models.where(HealthModel.activated_at.is_not(None)).order_by(*newest).limit(1)
    drafts = models.where(HealthModel.activated_at.is_(None))
    rows = [*session.execute(active), *session.execute(drafts)]
    return any(key in row.weights or key in row.bands for row in rows)


def _own_rows(session: Session) -> list[Segment]:
    """The vendor's own segments, in order; the first change copies the usual ones."""
    wanted = select(Segment).order_by(Segment.position, Segment.key)
    rows = list(session.scalars(wanted))
    if rows:
        return rows
    for position, rule in enumerate(USUAL_SEGMENTS, 1):
        row = Segment(key=rule.key, position=position)
        parts = {part: getattr(rule, part) for part in PARTS}
        _write(row, SegmentText(rule.name_en, rule.name_zh, parts))
        session.add(row)
    session.flush()
    return list(session.scalars(wanted))


def _write(row: Segment, text: SegmentText) -> None:
    row.name_en, row.name_zh = text.name_en, text.name_zh
    for part in PARTS:
        setattr(row, part, list(dict.fromkeys(text.parts.get(part, ()))))


def _check(session: Session, text: SegmentText, rule: SegmentRule | None) -> None:
    if not any(text.parts.get(part) for part in PARTS):
        raise Invalid("Choose at least one: else every account would fit.", code="no-trait")
    allowed = trait_choices(session, rule)
    if any(not set(text.parts.get(part, ())) <= set(allowed[part]) for part in PARTS):
        raise Invalid("Choose from what accounts have.", code="unknown-trait")


def _new_key(name: str, taken: set[str]) -> str:
    bare = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_KEY] or "segment"
    tries: Iterable[str] = (bare, *(f"{bare}-{n}" for n in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)


def _rule(key: str, text: SegmentText) -> SegmentRule:
    parts = {part: tuple(text.parts.get(part, ())) for part in PARTS}
    return SegmentRule(key, text.name_en, text.name_zh, **parts)


def _details(text: SegmentText) -> dict[str, Any]:
    return {"name": text.name_en, **{part: list(text.parts.get(part, ())) for part in PARTS}}


def _done(session: Session, action: str, key: str, **details: Any) -> None:
    record(session, action, "segment", key, **details)
    session.commit()
