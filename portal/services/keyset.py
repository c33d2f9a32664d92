"""Pages of a list that begin behind a row instead of at a number, so that what comes in meanwhile
neither shows a row twice nor hides one, and a page far down costs what the first does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

Said = str | int
"""A value of a row's place as an address has it."""
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page begins: behind the row whose place has these values, or before it (`back`)."""

    place: tuple[Said, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Of a row's place: `value` is never NULL; `read` makes it of what an address says, and raises
    ValueError, TypeError or OverflowError.
    """

    value: ColumnElement[Any]
    read: Callable[[Any], Any]
    down: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` with `place_0`, `place_1` and so on. The marks are None where nothing is there."""

    rows: list[Any]
    back: Mark | None
    following: Mark | None


def moment(column: Any, *, down: bool = False) -> Part:
    """Those without one come last."""
    return Part(func.coalesce(column, FIRST if down else LAST), _moment, down)


def day(column: Any, *, down: bool = False) -> Part:
    """Likewise."""
    last = FIRST if down else LAST
    return Part(func.coalesce(column, last.date()), date.fromisoformat, down)


def number(column: Any, *, down: bool = False) -> Part:
    return Part(column, _number, down)


def words(column: Any, *, down: bool = False) -> Part:
    return Part(column, _text, down)


def page_of(
    session: Session, wanted: Any, parts: Sequence[Part], mark: Mark | None, size: int
) -> Page:
    """One statement. `parts` say the order; together they are one row's alone. A mark that fits no
    place of this list counts as none.
    """
    place = None if mark is None else _read(parts, mark.place)
    back = mark is not None and place is not None and mark.back
    if place is not None:
        wanted = wanted.where(_behind(parts, place, turned=back))
    columns = [part.value.label(f"place_{at}") for at, part in enumerate(parts)]
    order = [part.value.desc() if part.down is not back else part.value.asc() for part in parts]
    found = session.execute(wanted.add_columns(*columns).order_by(*order).limit(size + 1)).all()
    more, rows = len(found) > size, list(found[:size])
    if back:
        rows.reverse()
    before = bool(rows) and (more if back else place is not None)
    behind = bool(rows) and (back or more)
    first = _mark(rows[0], len(parts), back=True) if before else None
    return Page(rows, first, _mark(rows[-1], len(parts)) if behind else None)


def _behind(parts: Sequence[Part], place: Sequence[Any], *, turned: bool) -> ColumnElement[bool]:
    ways = []
    for at, part in enumerate(parts):
        same = [one.value == said for one, said in zip(parts[:at], place, strict=False)]
        down = part.down is not turned
        past = part.value < place[at] if down else part.value > place[at]
        ways.append(and_(*same, past))
    return or_(*ways)


def _read(parts: Sequence[Part], place: Sequence[Said]) -> list[Any] | None:
    if len(place) != len(parts):
        return None
    try:
        return [part.read(said) for part, said in zip(parts, place, strict=True)]
    except (TypeError, ValueError, OverflowError):
        return None


def _mark(row: Any, parts: int, *, back: bool = False) -> Mark:
    return Mark(tuple(_said(getattr(row, f"place_{at}")) for at in range(parts)), back)


def _said(value: Any) -> Said:
    if isinstance(value, int | str):
        return value
    said: str = value.isoformat()
    return said


def _moment(said: Any) -> datetime:
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        raise ValueError(said)
    return found.astimezone(UTC)


def _number(said: Any) -> int:
    if not isinstance(said, int):
        raise TypeError(said)
    return said


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise TypeError(said)
    return said
