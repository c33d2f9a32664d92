"""Lessons and quizzes as files (content/README.md), read and written beside the hub's texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from portal.domain.course_file import LessonFile, read_lesson, write_lesson
from portal.domain.errors import Invalid
from portal.domain.markdown_text import LARGEST, render
from portal.domain.quiz_file import QuizFile, read_quiz, write_quiz

FOLDER = "courses"
LARGEST_FILE = LARGEST + 32 * 1024


@dataclass(slots=True)
class CourseParts:
    """All lessons and the quiz of a course, in every language; `pages`: HTML by a lesson's path."""

    lessons: list[LessonFile] = field(default_factory=list)
    quizzes: list[QuizFile] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """Path and text, in the order of their paths."""
        texts = {one.path: write_lesson(one) for one in self.lessons}
        texts |= {one.path: write_quiz(one) for one in self.quizzes}
        return dict(sorted(texts.items()))

    @property
    def digest(self) -> str:
        return digest_of(self.files)


def digest_of(files: Mapping[str, str]) -> str:
    """SHA-256 of a course's files as they are written."""
    return sha256(repr(sorted(files.items())).encode()).hexdigest()


def read_course_folders(
    folder: Path, courses: Iterable[str], wrong: dict[str, str]
) -> dict[str, CourseParts]:
    """The parts of each course that has a folder, by its slug. `courses`: slugs that are courses.
    What is wrong is added to `wrong` under its file and key.
    """
    parts: dict[str, CourseParts] = {}
    known = set(courses)
    for place in _folders(folder / FOLDER):
        name = f"{FOLDER}/{place.name}"
        if place.name not in known:
            wrong[name] = f"There is no course {place.name}: its page is {name}.<locale>.md."
            continue
        parts[place.name] = _read_folder(place, wrong)
        _hold_lessons(parts[place.name], wrong)
        _hold_quizzes(parts[place.name], wrong)
    return parts


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")
        )


def _read_folder(folder: Path, wrong: dict[str, str]) -> CourseParts:
    parts = CourseParts()
    for path in sorted(one for one in folder.iterdir() if not one.name.startswith(".")):
        place = f"{FOLDER}/{folder.name}/{path.name}"
        try:
            _read(path, folder.name, parts)
        except Invalid as refusal:
            found = refusal.fields or {"": refusal.message}
            wrong.update({f"{place}: {key}" if key else place: one for key, one in found.items()})
    if not parts.lessons and not wrong:
        wrong[f"{FOLDER}/{folder.name}"] = "The folder holds no lesson."
    return parts


def _read(path: Path, course: str, parts: CourseParts) -> None:
    text = _text_of(path)
    if path.suffix == ".yaml":
        parts.quizzes.append(read_quiz(course, path.name, text))
        return
    lesson = read_lesson(course, path.name, text)
    parts.pages[lesson.path] = render(lesson.body, lesson.locale).html
    parts.lessons.append(lesson)


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise Invalid("This is no file: a course's folder holds no folders.")
        if path.stat().st_size > LARGEST_FILE:
            raise Invalid(f"The file is larger than {LARGEST_FILE // 1024} kB.")
        return path.read_bytes().decode("utf-8")
    except OSError as failure:
        raise Invalid(f"The file can't be read: {failure.strerror}.") from None
    except UnicodeDecodeError as failure:
        raise Invalid(f"The file is not UTF-8 (byte {failure.start + 1}).") from None


def _hold_lessons(parts: CourseParts, wrong: dict[str, str]) -> None:
    """One name, one number, the same minutes in each language."""
    by_slug: dict[str, LessonFile] = {}
    by_number: dict[int, LessonFile] = {}
    for lesson in parts.lessons:
        model = by_slug.setdefault(lesson.slug, lesson)
        if (model.number, model.minutes) != (lesson.number, lesson.minutes):
            wrong[lesson.path] = f"Its number or its minutes differ from {model.path}."
        other = by_number.setdefault(lesson.number, lesson)
        if other.slug != lesson.slug:
            wrong[lesson.path] = f"The number {lesson.number:02} is taken by {other.path}."


def _hold_quizzes(parts: CourseParts, wrong: dict[str, str]) -> None:
    for quiz in parts.quizzes:
        model = parts.quizzes[0]
        if quiz.shared != model.shared:
            wrong[quiz.path] = (
                f"All but the words must be as in {model.path}: rules, keys, kinds, what is right."
            )
