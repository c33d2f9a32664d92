"""A CSV file as rows of checked values. Rows count as a spreadsheet shows them: the header is 1."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from portal.domain.errors import Invalid

MOST_ERRORS = 100
BYTE_ORDER_MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowError:
    """`row` 0: the file as a whole; `column` empty: the row as a whole."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (f"row {self.row}" if self.row else "", self.column) if part
        )
        return f"{place}: {self.message}" if place else self.message


class ImportRefused(Invalid):
    """Nothing was imported. `errors` lists what is wrong, `more` how many are not listed."""

    code = "import-refused"

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = list(errors[:MOST_ERRORS])
        self.more = len(errors) - len(self.errors)
        rest = f" … and {self.more} more" if self.more else ""
        fields = {f"row {one.row} {one.column}".strip(): one.message for one in self.errors}
        super().__init__("; ".join(map(str, self.errors[:3])) + rest, fields=fields)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What the file did, or with `dry_run` would do. `rows` is without the header."""

    noun: str
    rows: int
    added: int
    changed: int
    unchanged: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Column:
    """`read` turns a cell's text into a value and raises ValueError with a sentence. A column
    that is not `needed` may be missing from the file. `also`: another name that files may use.
    """

    name: str
    read: Callable[[str], Any]
    needed: bool = True
    also: str = ""

    @property
    def names(self) -> set[str]:
        return {self.name, self.also} - {""}


@dataclass(slots=True)
class Table:
    """`rows` are numbered; a cell is refused for the first reason found."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    errors: dict[tuple[int, str], RowError] = field(default_factory=dict)

    def refuse(self, row: int, column: str, message: str) -> None:
        self.errors.setdefault((row, column), RowError(row, column, message))

    def check(self) -> None:
        if self.errors:
            raise ImportRefused([self.errors[place] for place in sorted(self.errors)])


def read_table(data: bytes, columns: Sequence[Column], key: Sequence[str]) -> Table:
    """Reads and checks every cell; two rows of the same key are an error. Raises ImportRefused
    at once only where the file cannot be read as a table at all. Without a `key` the caller looks
    for doubles.
    """
    cells = _cells(_decode(data))
    header = _header(cells, columns)
    known = {name: column for column in columns for name in column.names}
    table = Table()
    for number, values in enumerate(cells[1:], 2):
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(header):
            table.refuse(number, "", f"{len(values)} cells, but the header has {len(header)}")
            continue
        table.rows.append((number, _row(table, number, header, values, known)))
    if key:
        _refuse_doubles(table, key)
    return table


def _decode(data: bytes) -> str:
    named = BYTE_ORDER_MARKS.get(data[:2])
    try:
        if named is None:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        row = data[: wrong.start].count(b"\n") + 1
        raise _unreadable(row, "this is not UTF-8") from None
    raise _unreadable(0, f"the file is {named}, not UTF-8")


def _unreadable(row: int, what: str) -> ImportRefused:
    advice = 'save it as UTF-8 (in Excel: "CSV UTF-8")'
    return ImportRefused([RowError(row, "", f"{what}; {advice}")])


def _cells(text: str) -> list[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as wrong:
        raise ImportRefused([RowError(len(rows) + 1, "", f"not valid CSV: {wrong}")]) from None
    if not rows:
        raise ImportRefused([RowError(0, "", "the file is empty")])
    return rows


def _header(cells: list[list[str]], columns: Sequence[Column]) -> list[str]:
    header = [name.strip() for name in cells[0]]
    known = {name: column for column in columns for name in column.names}
    if len(header) == 1 and ";" in header[0]:
        raise ImportRefused([RowError(1, "", "cells must be separated by commas")])
    errors = [
        RowError(1, column.name, "this column is missing")
        for column in columns
        if column.needed and not column.names & set(header)
    ]
    for place, name in enumerate(header):
        if name not in known:
            names = ", ".join(column.name for column in columns)
            errors.append(RowError(1, name, f"unknown column; known are {names}"))
        elif known[name].names & set(header[:place]):
            errors.append(RowError(1, name, "this column stands there twice"))
    if errors:
        raise ImportRefused(errors)
    return header


def _row(
    table: Table, number: int, header: list[str], values: list[str], known: dict[str, Column]
) -> Row:
    row: Row = {}
    for name, value in zip(header, values, strict=True):
        try:
            row[known[name].name] = known[name].read(value.strip())
        except ValueError as wrong:
            table.refuse(number, name, str(wrong))
    return row


def _refuse_doubles(table: Table, key: Sequence[str]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in table.rows:
        if not all(name in row for name in key):
            continue
        first = seen.setdefault(tuple(row[name] for name in key), number)
        if first != number:
            table.refuse(number, key[-1], f"row {first} is of the same {' and '.join(key)}")


@dataclass(slots=True)
class Comparison:
    """What the file would change. `changed` pairs a stored object with the values to set."""

    rows: int
    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Any, Row]] = field(default_factory=list)

    def apply(self) -> None:
        for stored, values in self.changed:
            for name, value in values.items():
                setattr(stored, name, value)

    def counts(self) -> dict[str, int]:
        unchanged = self.rows - len(self.new) - len(self.changed)
        return {"added": len(self.new), "changed": len(self.changed), "unchanged": unchanged}

    def report(self, noun: str, *, dry_run: bool) -> ImportReport:
        return ImportReport(noun, self.rows, **self.counts(), dry_run=dry_run)


def compare(table: Table, known: Mapping[Any, Any], key_of: Callable[[Row], Any]) -> Comparison:
    found = Comparison(len(table.rows))
    for _, row in table.rows:
        stored = known.get(key_of(row))
        if stored is None:
            found.new.append(row)
            continue
        values = {name: value for name, value in row.items() if getattr(stored, name) != value}
        if values:
            found.changed.append((stored, values))
    return found
