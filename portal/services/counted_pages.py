"""How many rows there are in all, and some of them, asked together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class CountedPages:
    """Statements that are made once and asked with other values each time: to build one, and to
    examine it, costs more than to ask it.
    """

    count: Select[Any]
    page: Select[Any]

    def read(
        self, session: Session, values: Mapping[str, Any], limit: int, offset: int = 0
    ) -> tuple[int, Sequence[Row[Any]]]:
        """One statement for a first page; a later one may be empty, and then its rows don't tell
        how many there are.
        """
        total = None if limit and not offset else session.scalar(self.count, values) or 0
        if not limit or total == 0:
            return total or 0, ()
        rows = session.execute(self.page, {**values, "most": limit, "passed": offset}).all()
        if total is None:
            total = rows[0].of_all if rows else 0
        return total, rows


def counted_pages(chosen: Any, order: Callable[[Any], Sequence[Any]]) -> CountedPages:
    """Of a SELECT; `order` gets the columns of what it chooses."""
    held = chosen.subquery()
    every = select(*held.c, func.count().over().label("of_all")).order_by(*order(held.c))
    return CountedPages(
        count=select(func.count()).select_from(held),
        page=every.limit(bindparam("most", type_=Integer)).offset(
            bindparam("passed", type_=Integer)
        ),
    )
