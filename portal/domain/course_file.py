"""A lesson of a course as a file, read strictly and written in one way only, so that what was
written reads back the same, byte for byte (content/README.md).
"""

import re
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


def make_lesson(place: LessonPlace, given: dict[str, Any], body: str) -> LessonFile:
    """A lesson of the values of its front matter. Raises Invalid by key."""
    values = Values(given)
    made = {
        "title": values.take("title", line_of(LONGEST_TITLE)),
        "chapter": values.take("chapter", line_of(LONGEST_TITLE), usual=""),
        "minutes": values.take("minutes", whole_number(1, LONGEST_LESSON_MINUTES)),
        "video": values.take("video", address_of, usual=""),
        "captions": values.take("captions", address_of, usual=""),
        "file": values.take("file", address_of, usual=""),
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


def write_lesson(lesson: LessonFile) -> str:
    """Keys in the documented order, one line each; keys without a value are left out."""
    lines = [f"title: {scalar(lesson.title)}"]
    if lesson.chapter:
        lines.append(f"chapter: {scalar(lesson.chapter)}")
    lines.append(f"minutes: {lesson.minutes}")
    lines += [
        f"{key}: {scalar(value)}"
        for key in ("video", "captions", "file")
        if (value := getattr(lesson, key))
    ]
    return "\n".join(["---", *lines, "---", "", lesson.body])
