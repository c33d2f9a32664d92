"""Parameters of addresses that several questions share. Each refusal names the parameter."""

from datetime import date

from flask import request

from portal.domain.errors import Invalid

LONGEST_NUMBER = 9


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
