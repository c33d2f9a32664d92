"""A lesson of a course as a file, read strictly and written in one way only, so that what was
written reads back the same, byte for byte (content/README.md).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from portal.domain.errors import Invalid
from portal.domain.file_values import Values, address_of, line_of, plain, whole_number
from portal.domain.knowledge import LONGEST_SLUG, SLUG
from portal.domain.strict_yaml import read_mapping, scalar
from portal.locales import LOCALES

LESSON_NAME = re.compile(rf"(\d\d)-({SLUG})\.({'|'.join(LOCALES)})\.md")
MOST_LESSONS = 99
LONGEST_TITLE = 300
LONGEST_LESSON_MINUTES = 600
_PARTS = re.compile(r"\A---\n(.*?)^---\n(.*)\Z", re.DOTALL | re.MULTILINE)


class LessonPlace(NamedTuple):
    course: str
    number: int
    slug: str
    locale: str


_READS: dict[str, Callable[[Any], Any]] = {
    "title": line_of(LONGEST_TITLE),
    "chapter": line_of(LONGEST_TITLE),
    "minutes": whole_number(1, LONGEST_LESSON_MINUTES),
    "video": address_of,
    "captions": address_of,
    "file": address_of,
}
_NEEDED = ("title", "minutes")
LESSON_KEYS = tuple(_READS)
# What each language says itself; minutes are the lesson's.
LESSON_WORDS = ("title", "chapter", "video", "captions", "file")


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson in one language. `number` is its place from 1 on. `chapter`, `video`, `captions` and
    `file` are "" where there is none; a video has captions (or a transcript) always.
    """

    course: str
    number: int
    slug: str
    locale: str
    title: str
    chapter: str
    minutes: int
    video: str
    captions: str
    file: str
    body: str

    @property
    def fields(self) -> dict[str, Any]:
        """Its front matter."""
        return said_of({key: getattr(self, key) for key in LESSON_KEYS})

    @property
    def path(self) -> str:
        return f"courses/{self.course}/{self.number:02}-{self.slug}.{self.locale}.md"


def read_lesson(course: str, name: str, text: str) -> LessonFile:
    """Raises Invalid, whose `fields` name each key that is wrong, missing or unknown."""
    match = LESSON_NAME.fullmatch(name)
    if match is None or not int(match[1]) or len(match[2]) > LONGEST_SLUG:
        raise Invalid(
            "The name must be <nn>-<lesson>.<locale>.md, such as 01-first-step.en.md, or "
            f"quiz.<locale>.yaml, with one of the locales {', '.join(LOCALES)}."
        )
    parts = _PARTS.match(plain(text))
    if parts is None:
        raise Invalid("The file must begin with front matter between two lines of ---.")
    number, slug, locale = int(match[1]), match[2], match[3]
    front = read_mapping(parts[1], first_line=2)
    return make_lesson(LessonPlace(course, number, slug, locale), front, parts[2])


def make_lesson(place: LessonPlace, given: Mapping[str, Any], body: str) -> LessonFile:
    """A lesson of the values of its front matter. Raises Invalid by key."""
    values = Values(dict(given))
    made = {
        key: values.take(key, read) if key in _NEEDED else values.take(key, read, usual="")
        for key, read in _READS.items()
    }
    if not values.wrong.keys() & {"video", "captions"} and (
        bool(made["video"]) != bool(made["captions"])
    ):
        values.wrong["captions"] = "A video needs captions or a transcript, and only a video."
    body = body.strip("\n")
    if not body.strip():
        values.wrong["body"] = "The text is empty: say at least what the video or the file shows."
    values.finish()
    return LessonFile(*place, **made, body=body + "\n")


def tidy_lesson(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a lesson under way says: nothing need be there yet (then it is "" or 0), what is there
    is right. Raises Invalid by key.
    """
    told = {key: _tidy(value) for key, value in given.items()}
    values = Values({key: value for key, value in told.items() if value})
    tidy = {
        key: values.take(key, read, usual=0 if key == "minutes" else "")
        for key, read in _READS.items()
    }
    values.finish()
    return tidy


def said_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a lesson, as front matter has it: without what is empty."""
    return {key: fields[key] for key in LESSON_KEYS if fields.get(key)}


def _tidy(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def write_lesson(lesson: LessonFile) -> str:
    """Keys in the documented order, one line each; keys without a value are left out."""
    lines = [
        f"{key}: {value if key == 'minutes' else scalar(value)}"
        for key, value in lesson.fields.items()
    ]
    return "\n".join(["---", *lines, "---", "", lesson.body])
