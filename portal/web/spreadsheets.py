"""Tables as CSV files that a spreadsheet opens without harm."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response

# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """UTF-8 with a byte order mark, as spreadsheets read Chinese names right only with one."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return Response(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def plain(cell: object) -> object:
    """The cell, kept from being a formula; empty for None, days and moments as ISO 8601."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return "'" + cell
    return "" if cell is None else cell
