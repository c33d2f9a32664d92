"""What a statement names: the tables of accounts in it, and whether the ORM will narrow them.

Asking a statement's mappers is not enough: counts, `exists`, Core tables and text have none. So
each SELECT is read element by element. A model's attribute anywhere in it makes the loader criteria
narrow that table, except inside aggregate FILTER, window functions and WITHIN GROUP, where the ORM
does not look.
"""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Alias,
    Delete,
    FunctionFilter,
    Insert,
    Over,
    Select,
    Table,
    TextClause,
    TextualSelect,
    Update,
    WithinGroup,
)
from sqlalchemy.sql.elements import ClauseElement, ColumnClause

VENDOR_ONLY = "vendor_only"
"""In a table's `info`: no customer's and no visitor's session may name it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`owned`: it names a table of accounts. `raw`: it does so past the models, so that loader
    criteria would not narrow it. `text`: it holds words that nobody can examine. `inward`: it names
    a table that only the vendor's people may read (`tenancy.VENDOR_ONLY`).
    """

    owned: bool
    raw: bool
    text: bool
    inward: bool = False


_shapes: WeakKeyDictionary[ClauseElement, Shape] = WeakKeyDictionary()
_alike: dict[tuple[Any, ...], Shape] = {}
MOST_ALIKE = 4096
"""Statements that differ in more than their values."""


def shape_of(statement: Any) -> Shape:
    """Examined once for each statement object, and once for all that differ in values alone."""
    found = _shapes.get(statement)
    if found is None:
        found = _shapes[statement] = _shape_of_alike(statement)
    return found


def _shape_of_alike(statement: Any) -> Shape:
    """By the key under which SQLAlchemy keeps what it compiles: statements of one key become one
    and the same SQL, loader criteria included, so they have one shape.
    """
    found = statement._generate_cache_key()  # noqa: SLF001 # there is no public way to it
    if found is None:
        return _examine(statement)
    shape = _alike.get(found.key)
    if shape is None:
        if len(_alike) >= MOST_ALIKE:
            _alike.clear()
        shape = _alike[found.key] = _examine(statement)
    return shape


def _examine(statement: ClauseElement) -> Shape:
    owned = raw = inward = False
    text = isinstance(statement, TextClause | TextualSelect)
    units: list[Any] = [statement]
    while units:
        unit = _read_unit(units.pop())
        units.extend(unit.inner)
        text = text or unit.text
        inward = inward or unit.inward
        owned = owned or bool(unit.named or unit.covered)
        raw = raw or any(not _covers(unit.covered, table) for table in unit.named)
    return Shape(owned, raw, text, inward)


@dataclass(slots=True)
class _Unit:
    """One SELECT, UPDATE or DELETE: the owned tables it names, those that the loader criteria
    will narrow (because a model's attribute leads to them), and the SELECTs inside it.
    """

    named: list[Any] = field(default_factory=list)
    covered: list[Any] = field(default_factory=list)
    inner: list[Any] = field(default_factory=list)
    text: bool = False
    inward: bool = False


def _read_unit(statement: Any) -> _Unit:
    unit = _Unit()
    waiting: list[tuple[Any, bool]] = [(child, True) for child in statement.get_children()]
    if isinstance(statement, Update | Delete | Insert):
        waiting.append((statement.table, True))
    seen: set[tuple[int, bool]] = set()
    while waiting:
        element, narrowed = waiting.pop()
        if (id(element), narrowed) in seen:
            continue
        seen.add((id(element), narrowed))
        if isinstance(element, Select):
            unit.inner.append(element)
            continue
        _note(unit, element, narrowed=narrowed)
        # Inside these the ORM does not look for models, so nothing would be narrowed.
        blind = isinstance(element, FunctionFilter | Over | WithinGroup)
        if not _is_table(element):
            waiting.extend((child, narrowed and not blind) for child in element.get_children())
    return unit


def _note(unit: _Unit, element: Any, *, narrowed: bool) -> None:
    if isinstance(element, TextClause):
        unit.text = True
    source = element.table if isinstance(element, ColumnClause) else element
    table = _table_of(source)
    if table is None:
        return
    unit.inward = unit.inward or bool(table.info.get(VENDOR_ONLY))
    if not _is_owned(table):
        return
    if narrowed and _from_model(element):
        unit.covered.append(source)
    unit.named.append(source)


def _covers(covered: list[Any], source: Any) -> bool:
    return any(one is source or hash(one) == hash(source) for one in covered)


def _is_table(element: Any) -> bool:
    return _table_of(element) is not None


def _table_of(source: Any) -> Table | None:
    """The table itself or under its alias; not what stands in a subquery."""
    while isinstance(source, Alias):
        source = source.element
    return source if isinstance(source, Table) else None


def _from_model(element: Any) -> bool:
    notes = getattr(element, "_annotations", {})
    return "parententity" in notes or "parentmapper" in notes


def _is_owned(table: Table) -> bool:
    return table.name == "account" or "account_id" in table.c
