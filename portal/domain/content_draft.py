"""A text that is being written: nothing need be there yet, but what is there is right."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.domain.content_file import ContentFile, from_json, make_file, plain
from portal.domain.content_values import EMPTY, LANGUAGE, LENGTHS, keys_of, read_values
from portal.domain.errors import Invalid
from portal.domain.knowledge import SHAPES
from portal.domain.markdown_text import LARGEST
from portal.locales import LOCALES

REVIEW_AFTER = timedelta(days=182)
"""A text that names no day is looked at again after half a year."""
_CHARACTERS_A_MINUTE = 400
_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def tidy_fields(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Every key of the type as JSON, what is missing as "", None, 0, [] or false, lines without
    spaces around them. Raises Invalid, whose `fields` name each key that is wrong.
    """
    given = {key: from_json(key, _tidy(key, value)) for key, value in fields.items()}
    present = {key: value for key, value in given.items() if value not in (None, "", [], 0)}
    values = read_values({**present, "type": kind}, unfinished=True)
    return {key: plain(values[key]) for key in keys_of(kind)}


def tidy_body(body: str) -> str:
    """With the line ends of a file. Raises Invalid for what no text may hold."""
    tidy = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if len(tidy.encode("utf-8", "surrogatepass")) > LARGEST:
        words = f"The text is longer than {LARGEST // 1024} kB: split it into two."
        raise Invalid(words, fields={"body": words})
    if _CONTROL.search(tidy):
        words = "The text holds a control character: type it again as plain text."
        raise Invalid(words, fields={"body": words})
    return f"{tidy}\n" if tidy else ""


def finish(
    slug: str, locale: str, fields: Mapping[str, Any], body: str, *, today: date
) -> ContentFile:
    """The text as it would be published today: what follows from the text is filled in. Raises
    Invalid, whose `fields` name what is wrong or still missing.
    """
    present = {key: value for key, value in fields.items() if not _is_empty(key, value)}
    present.setdefault("published", today.isoformat())
    present.setdefault("review_by", (today + REVIEW_AFTER).isoformat())
    present.setdefault("minutes", reading_minutes(body))
    if not SHAPES[fields["type"]].needs_feature:
        present.setdefault("features", [])
    return make_file(slug, locale, present, body)


def reading_minutes(body: str) -> int:
    """Whole minutes: 200 English words or 400 Chinese characters each, rounded up."""
    characters = len(_HAN.findall(body))
    words = len(re.findall(r"[A-Za-z0-9’'-]+", body))
    return max(1, -(-(words * 2 + characters) // _CHARACTERS_A_MINUTE))


def template_of(kind: str, locale: str) -> str:
    """The headings that a new text of the type begins with."""
    place = LOCALES.index(locale)
    return "\n".join(f"## {headings[place]}\n\n" for headings in SHAPES[kind].sections)


def slug_of(title: str, kind: str) -> str:
    """An address out of the title; the type's name where the title has no Latin letters."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:80].strip("-") or kind


def split_fields(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the language says, what the languages share)"""
    language = {key: fields.get(key, "") for key in LANGUAGE}
    shared = {key: value for key, value in fields.items() if key not in LANGUAGE}
    return language, shared


def _tidy(key: str, value: Any) -> Any:
    if isinstance(value, str) and key in LENGTHS:
        return " ".join(value.split())
    return list(value) if isinstance(value, tuple) else value


def _is_empty(key: str, value: Any) -> bool:
    return value == plain(EMPTY[key]) if key in EMPTY and key != "audience" else value is None
