"""One text as a file: Markdown with front matter, read strictly and written in one way only, so
that what was written reads back the same, byte for byte (content/README.md).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.audience import Audience
from portal.domain.content_values import DAYS, LANGUAGE, keys_of, read_values
from portal.domain.errors import Invalid
from portal.domain.knowledge import COLLECTIONS, LONGEST_SLUG, RESERVED, SHAPES, SLUG
from portal.domain.strict_yaml import read_mapping, scalar
from portal.locales import LOCALES

LARGEST_FRONT_MATTER = 8 * 1024
"""Characters; a text of ours needs about four hundred."""
_NAME = re.compile(rf"({SLUG})\.({'|'.join(LOCALES)})\.md")
# Dates and moments stand without quotes.
_BARE = {*DAYS, "starts_at", "ends_at"}
_PARTS = re.compile(r"\A---\n(.*?)^---\n(.*)\Z", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A text in one language. What the type does not have is empty. `minutes` is whole minutes of
    reading; `starts_at` and `ends_at` are what clocks of the `zone` show, 2026-12-03 15:00.
    """

    slug: str
    locale: str
    title: str
    summary: str
    type: str
    audience: Audience
    features: tuple[str, ...]
    review_by: date
    published: date
    minutes: int
    effect: str
    consent: date | None
    body: str
    benchmark: bool = False
    kind: str = ""
    starts_at: str = ""
    ends_at: str = ""
    zone: str = ""
    place: str = ""
    link: str = ""

    @property
    def path(self) -> str:
        return f"{COLLECTIONS[self.type]}/{self.slug}.{self.locale}.md"

    @property
    def shared(self) -> dict[str, Any]:
        """What every language version of the item must say alike."""
        return {key: getattr(self, key) for key in keys_of(self.type) if key not in LANGUAGE}

    @property
    def fields(self) -> dict[str, Any]:
        """Every key that the file writes, as JSON: dates as 2026-11-27, the audience as front
        matter has it.
        """
        return {key: plain(getattr(self, key)) for key in _written(self)}


def is_name(word: str) -> bool:
    """Whether it could be a slug, or the key of a feature or an account."""
    return len(word) <= LONGEST_SLUG and re.fullmatch(SLUG, word) is not None


def read_name(folder: str, name: str) -> tuple[str, str]:
    """(slug, locale) of a file's name. Raises Invalid."""
    if folder not in COLLECTIONS.values():
        raise Invalid(f"“{folder}” is no collection: use {', '.join(COLLECTIONS.values())}.")
    match = _NAME.fullmatch(name)
    if match is None or len(match[1]) > LONGEST_SLUG or match[1] in RESERVED:
        raise Invalid(
            "The name must be <slug>.<locale>.md with small letters, digits and hyphens, "
            f"and one of the locales {', '.join(LOCALES)}."
        )
    return match[1], match[2]


def read_file(folder: str, name: str, text: str) -> ContentFile:
    """Raises Invalid, whose `fields` name each key that is wrong, missing or unknown."""
    slug, locale = read_name(folder, name)
    front, body = _split(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    given = read_mapping(front, first_line=2, called="front matter")
    kind, wrong = given.get("type"), {}
    if isinstance(kind, str) and kind in COLLECTIONS and COLLECTIONS[kind] != folder:
        wrong["type"] = f"“{kind}” stands in the folder {COLLECTIONS[kind]}, not {folder}."
    return _made(slug, locale, given, body, wrong)


def make_file(slug: str, locale: str, fields: Mapping[str, Any], body: str) -> ContentFile:
    """Out of `fields` as ContentFile.fields gives them. Raises Invalid as read_file does."""
    return _made(slug, locale, {key: from_json(key, value) for key, value in fields.items()}, body)


def from_json(key: str, value: Any) -> Any:
    """What YAML would give: a day instead of its name. What is none stays, and is refused."""
    if key in DAYS and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def write_file(file: ContentFile) -> str:
    """The file's text: keys in the documented order, one space, one line each."""
    return write_fields(file.fields, file.body)


def write_fields(fields: Mapping[str, Any], body: str) -> str:
    """As write_file, of what is not finished as well; `fields` as ContentFile.fields gives them."""
    keys = (key for key in keys_of(fields["type"]) if key in fields)
    lines = [line for key in keys for line in _lines(key, fields[key])]
    return "\n".join(["---", *lines, "---", "", body])


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Audience):
        return value.written
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _made(
    slug: str,
    locale: str,
    given: Mapping[str, Any],
    body: str,
    wrong: dict[str, str] | None = None,
) -> ContentFile:
    wrong = {} if wrong is None else wrong
    if not body.strip():
        wrong["body"] = "The text is empty."
    made = read_values(given, wrong=wrong)
    return ContentFile(slug=slug, locale=locale, body=body.strip("\n") + "\n", **made)


# --- reading ----------------------------------------------------------------------------------


def _split(text: str) -> tuple[str, str]:
    match = _PARTS.match(text)
    if match is None:
        raise Invalid("The file must begin with front matter between two lines of ---.")
    if len(match[1]) > LARGEST_FRONT_MATTER:
        raise Invalid("The front matter is too long.")
    return match[1], match[2]


# --- writing ----------------------------------------------------------------------------------


def _written(file: ContentFile) -> list[str]:
    """Its keys but for those that may be missing, and say nothing."""
    may_lack = SHAPES[file.type].may_lack
    return [key for key in keys_of(file.type) if key not in may_lack or getattr(file, key)]


def _lines(key: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}:", *(f"  {kind}: {_flow(names)}" for kind, names in value.items())]
    if isinstance(value, bool):
        return [f"{key}: {str(value).lower()}"]
    if isinstance(value, list):
        return [f"{key}: {_flow(value)}"]
    bare = not isinstance(value, str) or key in _BARE
    return [f"{key}: {value if bare else scalar(value)}"]


def _flow(names: list[str]) -> str:
    return f"[{', '.join(scalar(name) for name in names)}]"
