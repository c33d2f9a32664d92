"""The hub's texts as files: a folder in, all or nothing; the same folder out (content/README)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.audience import ACCOUNTS
from portal.domain.content_file import LARGEST_FRONT_MATTER, ContentFile, read_file, write_file
from portal.domain.content_merge import Standing
from portal.domain.errors import Invalid
from portal.domain.knowledge import COURSE
from portal.domain.markdown_text import LARGEST, render
from portal.models import Account, Feature, KnowledgeItem
from portal.services.audience import readable
from portal.services.content_conflicts import FileConflict, plan_load, remember
from portal.services.content_pictures import FOLDER as PICTURES
from portal.services.content_pictures import export_pictures, keep_pictures, read_pictures
from portal.services.file_store import FileStore
from portal.services.knowledge_links import link_troubles
from portal.services.knowledge_stored import stored_files
from portal.services.knowledge_texts import Text, publish
from portal.services.training.course_files import FOLDER as COURSES
from portal.services.training.course_files import read_course_folders
from portal.services.training.course_texts import (
    CoursePlan,
    export_courses,
    plan_courses,
    save_courses,
)

LARGEST_FILE = LARGEST + 4 * LARGEST_FRONT_MATTER
Texts = dict[tuple[str, str], Text]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Counts of files, and sentences about what was taken but may not be meant. `courses`: those
    whose lessons or quiz were changed. `newer`: files whose texts were edited in the portal since,
    and stay.
    """

    added: int
    changed: int
    unchanged: int
    warnings: tuple[str, ...]
    courses: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()


def load_content(
    session: Session, folder: Path, side: str | None = None, files: FileStore | None = None
) -> LoadReport:
    """Publishes the texts of the folder, all or none. What the folder does not hold stays, and so
    does what is newer in the portal. `side`: "ours" (the portal's) or "theirs" (the files') wins
    where both have changed since the last load. `files` takes the pictures in; without it they are
    not looked at.

    Raises Invalid, whose `fields` name each file and key that is wrong, and ContentConflict, whose
    `conflicts` name each file that both have changed.
    """
    wrong: dict[str, str] = {}
    texts = _read_folder(folder, wrong)
    if not texts and not wrong:
        raise Invalid(
            f"There are no texts in {folder}: name the folder that holds the collections."
        )
    _hold_together(texts, wrong)
    _hold_links(session, texts, wrong)
    pictures = read_pictures(session, folder, wrong) if files else {}
    courses = read_course_folders(folder, _course_slugs(session, texts), wrong)
    if wrong:
        raise Invalid(f"Nothing was loaded: {len(wrong)} things are wrong.", fields=wrong)
    lessons_plan = plan_courses(session, courses, side)
    plan = plan_load(session, texts, side, _fights(lessons_plan))
    if files:
        keep_pictures(session, files, pictures)
    new, changed = plan.those(Standing.NEW), plan.those(Standing.FILE)
    _publish(session, {key: texts[key] for key in (*new, *changed)})
    remember(session, texts, plan.those(Standing.SAME, *([Standing.HERE] if side else [])))
    lessons = tuple(save_courses(session, courses, lessons_plan))
    session.commit()
    return LoadReport(
        added=len(new),
        changed=len(changed),
        unchanged=len(plan.those(Standing.SAME)),
        warnings=tuple(_warnings(session, texts)),
        courses=lessons,
        newer=(*plan.newer, *lessons_plan.newer),
    )


def export_content(session: Session, folder: Path, files: FileStore | None = None) -> int:
    """Writes every published text that the session may read, and from `files` the pictures that
    they show; the number of files. A file that
    stands there is replaced whole, others stay.
    """
    written = [(file.path, write_file(file)) for file in stored_files(session, readable(session))]
    written += export_courses(session)
    for path, text in written:
        _write(folder / path, text)
    shown = export_pictures(files, folder, (text for _path, text in written)) if files else 0
    return len(written) + shown


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    unfinished.replace(path)


# --- from the folder --------------------------------------------------------------------------


def _read_folder(folder: Path, wrong: dict[str, str]) -> Texts:
    texts: Texts = {}
    for path in _files(folder):
        place = path.relative_to(folder).as_posix()
        try:
            text = _read(path)
        except Invalid as refusal:
            fields = refusal.fields or {"": refusal.message}
            wrong.update({_member(place, key): said for key, said in fields.items()})
        else:
            first = texts.setdefault((text.file.slug, text.file.locale), text)
            if first is not text:
                wrong[place] = f"The slug is taken by {first.file.path}: it is the item's address."
    return texts


def _files(folder: Path) -> Iterator[Path]:
    """Those in the folders below it; what stands beside the folders is no text, and a course's
    folder holds its lessons (services/training/course_files.py).
    """
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder}.")
    for collection in sorted(folder.iterdir()):
        hidden = collection.name.startswith(".") or collection.name == PICTURES
        if collection.is_dir() and not hidden:
            for path in sorted(collection.iterdir()):
                lessons = collection.name == COURSES and path.is_dir()
                if not path.name.startswith(".") and not lessons:
                    yield path


def _read(path: Path) -> Text:
    try:
        if not path.is_file():
            raise Invalid("This is no file: a collection holds no folders.")
        if path.stat().st_size > LARGEST_FILE:
            raise Invalid(f"The file is larger than {LARGEST_FILE // 1024} kB.")
        content = path.read_bytes().decode("utf-8")
    except OSError as failure:
        raise Invalid(f"The file can't be read: {os.strerror(failure.errno or 0)}.") from None
    except UnicodeDecodeError as failure:
        raise Invalid(f"The file is not UTF-8 (byte {failure.start + 1}).") from None
    file = read_file(path.parent.name, path.name, content)
    return Text(file, render(file.body, file.locale))


def _member(place: str, key: str) -> str:
    return f"{place}: {key}" if key else place


# --- what files say of each other -------------------------------------------------------------


def _hold_together(texts: Texts, wrong: dict[str, str]) -> None:
    """The language versions of an item agree on all that is not language."""
    first: dict[str, ContentFile] = {}
    for (slug, _), text in sorted(texts.items()):
        model = first.setdefault(slug, text.file)
        for key, value in text.file.shared.items():
            if model.shared[key] != value:
                wrong[_member(text.file.path, key)] = f"This differs from {model.path}."


def _hold_links(session: Session, texts: Texts, wrong: dict[str, str]) -> None:
    """A text links only to what each of its readers may open."""
    for key, trouble in link_troubles(session, texts.values()).items():
        wrong[_member(texts[key].file.path, "body")] = trouble


def _publish(session: Session, texts: Texts) -> None:
    by_slug: dict[str, list[Text]] = {}
    for (slug, _locale), text in sorted(texts.items()):
        by_slug.setdefault(slug, []).append(text)
    if by_slug:
        publish(session, by_slug)


def _fights(plan: CoursePlan) -> list[FileConflict]:
    return [FileConflict(one.path, one.differs) for one in plan.conflicts]


def _course_slugs(session: Session, texts: Texts) -> set[str]:
    """Of all courses: those of the folder and those that stand already."""
    stored = session.scalars(select(KnowledgeItem.slug).where(KnowledgeItem.type == COURSE))
    return {slug for (slug, _), text in texts.items() if text.file.type == COURSE} | set(stored)


def _warnings(session: Session, texts: Texts) -> Iterator[str]:
    files = [text.file for text in texts.values()]
    features = {key for file in files for key in file.features}
    if session.scalar(select(Feature.id).limit(1)) is not None:
        known = set(session.scalars(select(Feature.key).where(Feature.key.in_(sorted(features)))))
        for key in sorted(features - known):
            yield f"The feature catalogue does not know “{key}”."
    accounts = {
        key for file in files if file.audience.kind == ACCOUNTS for key in file.audience.accounts
    }
    known = set(session.scalars(select(Account.key).where(Account.key.in_(sorted(accounts)))))
    for key in sorted(accounts - known):
        yield f"There is no account “{key}” yet: only the vendor reads what is meant for it."
