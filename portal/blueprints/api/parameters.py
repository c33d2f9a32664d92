"""Parameters of addresses that several questions share. Each refusal names the parameter."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request
from pydantic import BaseModel

from portal.domain.errors import Invalid

LONGEST_NUMBER = 9
MOST_NAMED = 20
SENSIBLE = (1970, 9000)
"""Years that every zone can reckon with."""
Choice = TypeVar("Choice", bound=StrEnum)
View = TypeVar("View", bound=Callable[..., Any])


def taking_only(query: type[BaseModel] | None) -> Callable[[View], View]:
    """Refuses a parameter that `query` does not describe, and one that stands twice: a caller who
    misspells a filter is told so, and never gets the answer to another question.
    """
    described = query.model_fields.items() if query is not None else ()
    known = sorted(field.alias or name for name, field in described)

    def around(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **more: Any) -> Any:
            _refuse_others(known)
            return view(*args, **more)

        return cast("View", checked)

    return around


def _refuse_others(known: list[str]) -> None:
    may_be = f"known are {', '.join(known)}" if known else "none is known here"
    wrong = {name[:40]: f"is unknown; {may_be}" for name in request.args if name not in known}
    wrong |= {name: "stands twice" for name in known if len(request.args.getlist(name)) > 1}
    if wrong:
        name = next(iter(wrong))
        raise Invalid(f"{name}: {wrong[name]}", fields=dict(list(wrong.items())[:MOST_NAMED]))


def read_day(name: str = "as_of") -> date | None:
    asked = request.args.get(name)
    if asked is None:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        said = "Give the day like 2026-01-31."
        raise Invalid(said, fields={name: said}) from None


def read_whole(name: str, usual: int, most: int, noun: str) -> int:
    """A whole number from 1 to `most`."""
    asked = request.args.get(name, str(usual))
    if asked.isascii() and asked.isdecimal() and 1 <= int(asked[:LONGEST_NUMBER]) <= most:
        return int(asked[:LONGEST_NUMBER])
    said = f"Give a whole number of {noun} from 1 to {most}."
    raise Invalid(said, fields={name: said})


def read_moment(name: str) -> datetime | None:
    """With an offset, as ISO 8601 has it."""
    asked = request.args.get(name)
    if asked is None:
        return None
    said = "Give the moment with its offset, like 2026-01-31T08:00:00Z."
    try:
        # A plus of an offset that was not escaped arrives as a space.
        moment = datetime.fromisoformat(asked.replace(" ", "+"))
    except ValueError:
        raise Invalid(said, fields={name: said}) from None
    if moment.tzinfo is None or not SENSIBLE[0] <= moment.year <= SENSIBLE[1]:
        raise Invalid(said, fields={name: said})
    return moment


def read_choice(name: str, of: type[Choice]) -> Choice | None:
    asked = request.args.get(name)
    if asked is None:
        return None
    if asked in set(of):
        return of(asked)
    said = f"Use one of {', '.join(of)}."
    raise Invalid(said, fields={name: said})
