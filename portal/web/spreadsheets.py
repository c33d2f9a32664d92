"""Tables as CSV files that a spreadsheet opens without harm."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from flask import Response, stream_with_context

SENT_AT_ONCE = 64 * 1024
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """UTF-8 with a byte order mark, as spreadsheets read Chinese names right only with one."""
    return _answer(name, "".join(_lines(columns, rows)))


def csv_stream(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The same of very many rows, which are made while they are sent; it is not compressed.
    What goes wrong at the first of them, such as a question that the database refuses, is still
    raised to the caller.
    """
    lines = _lines(columns, rows)
    return _answer(name, stream_with_context(chain((next(lines),), lines)))


def _answer(name: str, body: str | Iterator[str]) -> Response:
    return Response(
        body,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Some at a time."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
        if text.tell() >= SENT_AT_ONCE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def plain(cell: object) -> object:
    """The cell, kept from being a formula; empty for None, days and moments as ISO 8601."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return "'" + cell
    return "" if cell is None else cell
