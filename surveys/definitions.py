"""Survey definitions: TOML files with their texts in three languages, read strictly.

The package's own stand in `surveys/definitions/`; a vendor's own have the same shape.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

OWN = Path(__file__).parent / "definitions"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class DefinitionError(ValueError):
    """A file that is no survey; the message names the file, the place and the reason."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Texts(Record, frozen=True, rename={"zh_hans": "zh-Hans", "zh_hant": "zh-Hant"}):
    en: Text
    zh_hans: Text
    zh_hant: Text

    def said_in(self, locale: str) -> str:
        """English for a locale that has no text of its own."""
        return {"zh-Hans": self.zh_hans, "zh-Hant": self.zh_hant}.get(locale, self.en)


class Scale(Record, frozen=True, tag_field="kind", tag="scale"):
    """A whole number from `lowest` to `highest`, both ends named."""

    key: Key
    text: Texts
    lowest: Annotated[int, msgspec.Meta(ge=0, le=1)]
    highest: Annotated[int, msgspec.Meta(ge=2, le=10)]
    lowest_label: Texts
    highest_label: Texts
    required: bool = True


class OpenText(Record, frozen=True, tag_field="kind", tag="text"):
    """The respondent's own words, of at most `longest` signs."""

    key: Key
    text: Texts
    longest: Annotated[int, msgspec.Meta(ge=1, le=4000)] = 2000
    required: bool = False


class Choice(Record, frozen=True):
    key: Key
    text: Texts


class Choices(Record, frozen=True, tag_field="kind", tag="choices"):
    """One or several of the options."""

    key: Key
    text: Texts
    options: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2)]
    several: bool = False
    required: bool = True


Question = Scale | OpenText | Choices

_SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


class Definition(Record, frozen=True):
    """A survey. The first question of an nps, csat or ces survey is its scored scale."""

    schema: Literal[1]
    key: Key
    kind: Literal["nps", "csat", "ces", "custom"]
    title: Texts
    intro: Texts
    thanks: Texts
    questions: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1, max_length=40)]

    def __post_init__(self) -> None:
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            raise ValueError("each question needs a key of its own")
        if self.kind in _SCALES:
            self._check_scale(*_SCALES[self.kind])

    def _check_scale(self, lowest: int, highest: int) -> None:
        first = self.questions[0]
        if not isinstance(first, Scale) or (first.lowest, first.highest) != (lowest, highest):
            raise ValueError(
                f"the first question of {self.kind} is a scale from {lowest} to {highest}"
            )


def read_definition(path: Path) -> Definition:
    """The survey in a TOML file. DefinitionError for anything else."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Definition)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise DefinitionError(f"{path.name}: {error}") from error


def read_definitions(folder: Path = OWN) -> dict[str, Definition]:
    """Every survey of a folder by its key, which is also its file's name."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        definition = read_definition(path)
        if definition.key != path.stem:
            raise DefinitionError(f"{path.name}: the key {definition.key!r} is not the file's name")
        found[definition.key] = definition
    return found
