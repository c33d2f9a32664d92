"""What lists of all accounts are made of, kept by the process as long as it follows from the same.

Kept for readers of all accounts only: others read few, and each their own.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from portal.tenancy import ALL_ACCOUNTS, scope_of
from portal.usage.daybook import shelf_of

Made = TypeVar("Made")


def reads_all(session: Session) -> bool:
    return scope_of(session).accounts is ALL_ACCOUNTS


def remember(
    session: Session,
    key: Hashable,
    made_of: tuple[Any, ...],
    make: Callable[[], Made],
    size_of: Callable[[Made], int],
) -> Made:
    """`made_of` names all that the thing follows from; what is the very same object is not looked
    into. The thing is shared: whoever gets it changes nothing in it. `size_of`: bytes, about.
    """
    shelf = shelf_of(session)
    if shelf is None or not reads_all(session):
        return make()
    kept = shelf.find(key)
    if kept is not None and kept[0] == made_of:
        found: Made = kept[1]
        return found
    made = make()
    shelf.put(key, (made_of, made), size_of(made))
    return made
