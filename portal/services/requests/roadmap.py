"""Requests of all customers as their readers see them: what is planned, built and released.

Totals and the vendor's own words, never whose they are; of the reader's own account, its request.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.domain.requests import Kind, State
from portal.models import SharedRequest, SharedRequestText
from portal.search.views import preference
from portal.services.keyset import Mark, Page, Part, day, moment, number, page_of
from portal.services.requests.access import shared_id_of
from portal.services.requests.own_part import OwnPart, own_parts
from portal.services.requests.release_notes import note_in_reach
from portal.services.requests.sharing import Target
from portal.tenancy import scope_of

LATELY = timedelta(days=90)
"""So long a release stands on the roadmap; the changelog keeps it for good."""
PAGE_SIZE, FEW = 25, 8


class Stage(StrEnum):
    BUILDING = "building"
    PLANNED = "planned"
    RELEASED = "released"
    WEIGHED = "weighed"


STAGES: Mapping[Stage, tuple[State, ...]] = {
    Stage.BUILDING: (State.IN_DEVELOPMENT, State.FIXING, State.FIXED),
    Stage.PLANNED: (State.PLANNED, State.REPRODUCED),
    Stage.RELEASED: (State.RELEASED, State.CONFIRMED, State.UNCONFIRMED),
    Stage.WEIGHED: (State.SUBMITTED, State.CLARIFYING, State.REOPENED),
}


@dataclass(frozen=True, slots=True)
class RoadmapItem:
    """`locale`: the language in which `title` and `body` stand. `own`: what the reader's account
    has asked of it, as far as the reader may see that. `release_note`: told by `read_shared` alone,
    of a note that the reader may open.
    """

    key: str
    code: str
    kind: Kind
    state: State
    title: str
    body: str
    locale: str
    feature_key: str
    target: Target
    people: int
    accounts: int
    reason: str
    release_note: str
    created_at: datetime
    released_at: datetime | None
    published: bool
    own: OwnPart


@dataclass(frozen=True, slots=True)
class RoadmapQuestion:
    """`kind` a value of Kind and `feature` a key, or empty for any. `stage` None: all of them, the
    first few of each; else that one in pages.
    """

    kind: str = ""
    feature: str = ""
    stage: Stage | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Roadmap:
    """`features`: keys of which there is any. `place`: what comes before and behind the page of
    the stage that was asked for.
    """

    items: dict[Stage, list[RoadmapItem]]
    counts: dict[Stage, int]
    features: list[str]
    place: Page | None = None


def read_roadmap(session: Session, question: RoadmapQuestion) -> Roadmap:
    """At most nine statements."""
    seen = [*_published(), *_chosen(question)]
    counts = _counts(session, seen)
    if question.stage is None:
        stages, size = [stage for stage in Stage if counts[stage]], FEW
    else:
        stages, size = [question.stage], PAGE_SIZE
    mark = None if question.stage is None else question.mark
    pages = {}
    for stage in stages:
        wanted = _selected().where(*seen, _in_stage(session, stage))
        pages[stage] = page_of(session, wanted, _order(stage), mark, size)
    made = iter(_items(session, [row for page in pages.values() for row in page.rows]))
    items = {stage: [next(made) for _row in page.rows] for stage, page in pages.items()}
    place = None if question.stage is None else pages[question.stage]
    return Roadmap(items, counts, _features(session), place)


def read_shared(session: Session, key: str) -> RoadmapItem:
    """The one that stands for it (its key may be another's). Raises NotFound."""
    wanted = _selected().where(SharedRequest.id == shared_id_of(session, key))
    row = session.execute(wanted).one()
    return replace(_items(session, [row])[0], release_note=note_in_reach(session, row.release_note))


def items_by_key(session: Session, keys: Collection[str]) -> dict[str, RoadmapItem]:
    """Those that are published, of these keys."""
    if not keys:
        return {}
    rows = session.execute(_selected().where(SharedRequest.key.in_(keys), *_published())).all()
    return {item.key: item for item in _items(session, rows)}


def delivered_by(session: Session, slugs: Collection[str]) -> dict[str, list[RoadmapItem]]:
    """What release notes of the hub bring of what was asked for, by the note's address."""
    found: dict[str, list[RoadmapItem]] = {}
    if not slugs or scope_of(session).role.side == "nobody":
        return found
    wanted = _selected().where(
        SharedRequest.release_note.in_(sorted(slugs)),
        _in_states(STAGES[Stage.RELEASED]),
        *_published(),
    )
    newest = wanted.order_by(SharedRequest.released_at.desc(), SharedRequest.id.desc())
    rows = session.execute(newest).all()
    for row, item in zip(rows, _items(session, rows), strict=True):
        found.setdefault(row.release_note, []).append(item)
    return found


def newest_moves(session: Session, most: int) -> list[tuple[datetime, RoadmapItem]]:
    """What has changed last on the roadmap, and when."""
    moved = func.coalesce(SharedRequest.moved_at, SharedRequest.updated_at)
    wanted = _selected().where(*_published()).add_columns(moved.label("moved"))
    rows = session.execute(wanted.order_by(moved.desc(), SharedRequest.id).limit(most)).all()
    times = [row.moved for row in rows]
    return list(zip(times, _items(session, rows), strict=True))


def moves_between(
    session: Session, since: datetime, until: datetime, most: int
) -> tuple[int, list[RoadmapItem]]:
    """How many have moved, or come to be read, from `since` to before `until`; the latest of them
    first.
    """
    moved = [*_published(), SharedRequest.moved_at >= since, SharedRequest.moved_at < until]
    total = session.scalar(select(func.count(SharedRequest.id)).where(*moved)) or 0
    if not total:
        return 0, []
    latest = _selected().where(*moved).order_by(SharedRequest.moved_at.desc(), SharedRequest.id)
    return total, _items(session, session.execute(latest.limit(most)).all())


def is_published() -> list[ColumnElement[bool]]:
    return _published()


def _published() -> list[ColumnElement[bool]]:
    return [SharedRequest.published_at.is_not(None), SharedRequest.merged_into_id.is_(None)]


def _chosen(question: RoadmapQuestion) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if question.kind:
        chosen.append(SharedRequest.kind == question.kind)
    if question.feature:
        chosen.append(SharedRequest.feature_key == question.feature)
    return chosen


def _in_states(states: Sequence[State]) -> ColumnElement[bool]:
    return SharedRequest.state.in_([state.value for state in states])


def _in_stage(session: Session, stage: Stage) -> ColumnElement[bool]:
    found = _in_states(STAGES[stage])
    if stage is Stage.RELEASED:
        return and_(found, SharedRequest.released_at > scope_of(session).now - LATELY)
    return found


def _counts(session: Session, seen: Sequence[ColumnElement[bool]]) -> dict[Stage, int]:
    sums = [func.sum(case((_in_stage(session, stage), 1), else_=0)) for stage in Stage]
    row = session.execute(select(*sums).select_from(SharedRequest).where(*seen)).one()
    return {stage: int(number or 0) for stage, number in zip(Stage, row, strict=True)}


def _features(session: Session) -> list[str]:
    wanted = select(SharedRequest.feature_key).where(
        SharedRequest.feature_key != "", SharedRequest.state != State.DECLINED, *_published()
    )
    return list(session.scalars(wanted.distinct().order_by(SharedRequest.feature_key)))


def _order(stage: Stage) -> list[Part]:
    last = [number(SharedRequest.people, down=True), number(SharedRequest.id, down=True)]
    if stage is Stage.RELEASED:
        return [moment(SharedRequest.released_at, down=True), last[-1]]
    if stage is Stage.WEIGHED:
        return last
    return [day(SharedRequest.target_on), *last]


def _selected() -> Any:
    return select(
        SharedRequest.id,
        SharedRequest.key,
        SharedRequest.code,
        SharedRequest.kind,
        SharedRequest.state,
        SharedRequest.feature_key,
        SharedRequest.target_on,
        SharedRequest.target_unit,
        SharedRequest.people,
        SharedRequest.accounts,
        SharedRequest.reason,
        SharedRequest.release_note,
        SharedRequest.created_at,
        SharedRequest.released_at,
        SharedRequest.updated_at,
        SharedRequest.published_at,
    )


def _items(session: Session, rows: Sequence[Any]) -> list[RoadmapItem]:
    """Three statements, however many."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    texts, own = _texts(session, ids), own_parts(session, ids)
    return [_item(row, texts.get(row.id, NO_TEXT), own.get(row.id, OwnPart())) for row in rows]


NO_TEXT = ("", "", "en")


def _item(row: Any, text: tuple[str, str, str], own: OwnPart) -> RoadmapItem:
    title, body, locale = text
    return RoadmapItem(
        key=row.key,
        code=row.code,
        kind=Kind(row.kind),
        state=State(row.state),
        title=title,
        body=body,
        locale=locale,
        feature_key=row.feature_key,
        target=Target(row.target_on, row.target_unit),
        people=row.people,
        accounts=row.accounts,
        reason=row.reason,
        release_note="",
        created_at=row.created_at,
        released_at=row.released_at,
        published=row.published_at is not None,
        own=own,
    )


def _texts(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Title, body and their language: the reader's or the nearest."""
    wanted = select(
        SharedRequestText.shared_id,
        SharedRequestText.locale,
        SharedRequestText.title,
        SharedRequestText.body,
    )
    found: dict[int, dict[str, tuple[str, str, str]]] = {}
    for row in session.execute(wanted.where(SharedRequestText.shared_id.in_(ids))):
        found.setdefault(row.shared_id, {})[row.locale] = (row.title, row.body, row.locale)
    locale = scope_of(session).locale
    return {one: by[preference(locale, list(by))[0]] for one, by in found.items()}


def nearest_titles(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and its language, in the reader's or the nearest."""
    return {one: (text[0], text[2]) for one, text in _texts(session, ids).items()}
