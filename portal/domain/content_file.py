"""One text as a file: Markdown with front matter, read strictly and written in one way only, so
that what was written reads back the same, byte for byte (content/README.md).
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from portal.domain.audience import ACCOUNTS, CUSTOMERS, PUBLIC, VENDOR, Audience
from portal.domain.errors import Invalid
from portal.domain.knowledge import (
    BEST_PRACTICE,
    COLLECTIONS,
    CUSTOMER_CASE,
    LONGEST_SLUG,
    SLUG,
    TYPES,
)
from portal.locales import LOCALES

LARGEST_FRONT_MATTER = 8 * 1024
"""Characters; a text of ours needs about four hundred."""
_NAME = re.compile(rf"({SLUG})\.({'|'.join(LOCALES)})\.md")
_PARTS = re.compile(r"\A---\n(.*?)^---\n(.*)\Z", re.DOTALL | re.MULTILINE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
# The longest that the database holds.
_LENGTHS = {"title": 300, "summary": 600, "effect": 300}
_MOST_NAMES = 50
_LONGEST_READ = 600


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A text in one language. `effect` is "" and `consent` None where the type has none.
    `minutes` is whole minutes of reading.
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

    @property
    def path(self) -> str:
        return f"{COLLECTIONS[self.type]}/{self.slug}.{self.locale}.md"

    @property
    def shared(self) -> dict[str, Any]:
        """What every language version of the item must say alike."""
        return {key: getattr(self, key) for key in _SHARED}


_SHARED = ("type", "audience", "features", "review_by", "published", "minutes", "consent")


def is_name(word: str) -> bool:
    """Whether it could be a slug, or the key of a feature or an account."""
    return len(word) <= LONGEST_SLUG and re.fullmatch(SLUG, word) is not None


def read_name(folder: str, name: str) -> tuple[str, str]:
    """(slug, locale) of a file's name. Raises Invalid."""
    if folder not in COLLECTIONS.values():
        raise Invalid(f"“{folder}” is no collection: use {', '.join(COLLECTIONS.values())}.")
    match = _NAME.fullmatch(name)
    if match is None or len(match[1]) > LONGEST_SLUG:
        raise Invalid(
            "The name must be <slug>.<locale>.md with small letters, digits and hyphens, "
            f"and one of the locales {', '.join(LOCALES)}."
        )
    return match[1], match[2]


def read_file(folder: str, name: str, text: str) -> ContentFile:
    """Raises Invalid, whose `fields` name each key that is wrong, missing or unknown."""
    slug, locale = read_name(folder, name)
    front, body = _split(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    values = _Values(_front_matter(front))
    kind = values.take("type", _one_of(TYPES))
    made = {
        "title": values.take("title", _line("title")),
        "summary": values.take("summary", _line("summary")),
        "type": kind,
        "audience": values.take("audience", _audience),
        "features": values.take("features", _names("feature")),
        "review_by": values.take("review_by", _day),
        "published": values.take("published", _day),
        "minutes": values.take("minutes", _minutes),
        "effect": values.take("effect", _line("effect")) if kind == BEST_PRACTICE else "",
        "consent": values.take("consent", _day) if kind == CUSTOMER_CASE else None,
    }
    if kind and COLLECTIONS[kind] != folder:
        values.wrong["type"] = f"“{kind}” stands in the folder {COLLECTIONS[kind]}, not {folder}."
    if not body.strip():
        values.wrong["body"] = "The text is empty."
    values.finish()
    return ContentFile(slug=slug, locale=locale, body=body.strip("\n") + "\n", **made)


def write_file(file: ContentFile) -> str:
    """The file's text: keys in the documented order, one space, one line each."""
    lines = [
        f"title: {_scalar(file.title)}",
        f"summary: {_scalar(file.summary)}",
        f"type: {file.type}",
        *_audience_lines(file.audience),
        f"features: {_flow(file.features)}",
        f"review_by: {file.review_by.isoformat()}",
        f"published: {file.published.isoformat()}",
        f"minutes: {file.minutes}",
    ]
    if file.type == BEST_PRACTICE:
        lines.append(f"effect: {_scalar(file.effect)}")
    if file.consent is not None:
        lines.append(f"consent: {file.consent.isoformat()}")
    return "\n".join(["---", *lines, "---", "", file.body])


# --- reading ----------------------------------------------------------------------------------


def _split(text: str) -> tuple[str, str]:
    match = _PARTS.match(text)
    if match is None:
        raise Invalid("The file must begin with front matter between two lines of ---.")
    if len(match[1]) > LARGEST_FRONT_MATTER:
        raise Invalid("The front matter is too long.")
    return match[1], match[2]


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would keep the last without a word, and
    aliases, which can make a small file very large.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Invalid("The front matter may hold no aliases (*).")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 # the signature of PyYAML
        names = [key.value for key, _ in node.value]
        twice = {name for name in names if isinstance(name, str) and names.count(name) > 1}
        if twice:
            raise Invalid(f"The key “{min(twice)[:80]}” stands twice.")
        return super().construct_mapping(node, deep)


def _front_matter(front: str) -> dict[str, Any]:
    try:
        values = yaml.load(front, _Loader)  # noqa: S506 # the loader is a SafeLoader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as failure:
        place = getattr(failure, "problem_mark", None)
        line = f" (line {place.line + 2})" if place is not None else ""
        raise Invalid(f"The front matter is no valid YAML{line}.") from None
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise Invalid("The front matter must hold keys with values.")
    return values


class _Values:
    """The keys of a file: taken one by one, what is wrong kept until all were looked at."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._left = dict(values)
        self.wrong: dict[str, str] = {}

    def take(self, key: str, read: Callable[[Any], Any]) -> Any:
        if key not in self._left:
            self.wrong[key] = "This key is missing."
            return None
        try:
            return read(self._left.pop(key))
        except Invalid as refusal:
            self.wrong[key] = refusal.message
            return None

    def finish(self) -> None:
        for key in self._left:
            self.wrong[key[:80]] = "There is no such key, or not for this type."
        if self.wrong:
            raise Invalid("The front matter is wrong.", fields=self.wrong)


def _line(key: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise Invalid("Write one line of text (in double quotes where it looks like a number).")
        if _UNPRINTABLE.search(value) or value != value.strip():
            raise Invalid("Write one line, without control characters or spaces around it.")
        if len(value) > _LENGTHS[key]:
            raise Invalid(f"Write at most {_LENGTHS[key]} characters.")
        return value

    return read


def _one_of(known: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise Invalid(f"Use one of {', '.join(known)}.")
        return value

    return read


def _names(noun: str) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= _MOST_NAMES:
            raise Invalid(f"Give a list of {noun} keys, such as [one, two].")
        for name in value:
            if (
                not isinstance(name, str)
                or not re.fullmatch(SLUG, name)
                or len(name) > LONGEST_SLUG
            ):
                raise Invalid(f"A {noun} key has small letters, digits and hyphens only.")
        if len(set(value)) < len(value):
            raise Invalid(f"A {noun} stands twice.")
        return tuple(value)

    return read


def _audience(value: Any) -> Audience:
    if isinstance(value, dict) and set(value) == {ACCOUNTS}:
        return Audience(ACCOUNTS, _names("account")(value[ACCOUNTS]))
    if isinstance(value, str) and value in {PUBLIC, CUSTOMERS, VENDOR}:
        return Audience(value)
    raise Invalid("Use public, customers, vendor, or accounts: [key, …].")


def _day(value: Any) -> date:
    # A datetime is a date to Python, and not to us.
    if type(value) is not date:
        raise Invalid("Write a date such as 2026-11-27, without quotes.")
    return value


def _minutes(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= _LONGEST_READ:
        raise Invalid(f"Write whole minutes between 1 and {_LONGEST_READ}.")
    return value


# --- writing ----------------------------------------------------------------------------------


def _scalar(value: str) -> str:
    if _reads_back(value):
        return value
    # YAML folds what Unicode calls a line's end (U+0085, U+2028), so these are written by number.
    return json.dumps(value, ensure_ascii=value.splitlines() != [value])


def _reads_back(value: str) -> bool:
    """Whether YAML takes the bare text for the same text."""
    if ": " in value or value.splitlines() != [value]:
        return False
    try:
        return bool(yaml.safe_load(f"key: {value}\n") == {"key": value})
    except (yaml.YAMLError, ValueError):
        return False


def _audience_lines(audience: Audience) -> list[str]:
    if audience.kind == ACCOUNTS:
        return ["audience:", f"  accounts: {_flow(audience.accounts)}"]
    return [f"audience: {audience.kind}"]


def _flow(names: tuple[str, ...]) -> str:
    return f"[{', '.join(_scalar(name) for name in names)}]"
