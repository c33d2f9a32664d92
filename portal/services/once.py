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
        if column not in str(failure.orig):
            raise
        return False
    return True
