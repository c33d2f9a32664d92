"""Rows of which there is to be one, whoever comes first."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


def add_once(session: Session, row: Any, column: str) -> bool:
    """Inserts the row unless another has its value in the unique `column`; whether it did.
    The caller's transaction goes on either way.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as failure:
        if not _is_about(failure, row, column):
            raise
        return False
    return True


def _is_about(failure: IntegrityError, row: Any, column: str) -> bool:
    """SQLite names the columns; so does PostgreSQL, but of tables with row level security it names
    the constraint alone.
    """
    if column in str(failure.orig):
        return True
    name = getattr(getattr(failure.orig, "diag", None), "constraint_name", None)
    table = row.__table__
    return any(
        one.name == name and column in one.columns for one in (*table.constraints, *table.indexes)
    )
