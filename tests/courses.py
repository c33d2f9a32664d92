"""A course to learn in tests: two lessons and a quiz of three questions, in three languages."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Database
from portal.services.content_files import LoadReport, load_content
from portal.services.knowledge_drafts import DraftInput
from portal.services.training.lesson_drafts import open_lesson, save_lesson
from tests.hub import writing

SLUG = "shorter-chains"
PAGE = """---
title: Shorter approval chains ({locale})
summary: From four levels to two.
type: course
audience: {audience}
features: [approval-chains]
review_by: 2027-05-11
published: 2026-11-11
minutes: 12
---

## What you learn

To leave out what waits.
"""
LESSON = """---
title: {title} ({locale})
minutes: {minutes}
---

The slowest step decides.
"""
QUIZ = """pass_mark: {mark}
attempts: 2
valid_months: 24
questions:
  - key: slowest
    kind: single
    ask: Where do you look first? ({locale})
    options:
      - right: At the longest wait
      - wrong: At the most people
      - wrong: At the newest person
    why: The longest wait decides the whole.
  - key: shorter
    kind: multiple
    ask: What makes it shorter?
    options:
      - right: Two levels
      - right: A deputy
      - wrong: Reminders
    why: Levels and absence are what waits.
  - key: order
    kind: ordering
    ask: Put the week in order.
    options:
      - step: Measure
      - step: Draw
      - step: Tell
    why: Who measures first knows what to draw.
"""
OWN_WORDS = """  - key: own
    kind: text
    ask: Which chain would you shorten?
    answer: Names a chain and its wait.
    why: A chain is shortened by somebody.
"""
RIGHT: dict[str, list[str] | str] = {
    "slowest": ["a"],
    "shorter": ["a", "b"],
    "order": ["a", "b", "c"],
}
WRONG: dict[str, list[str] | str] = {
    "slowest": ["b"],
    "shorter": ["a"],
    "order": ["c", "b", "a"],
}


def write_course(
    folder: Path,
    slug: str = SLUG,
    *,
    audience: str = "customers",
    locales: tuple[str, ...] = ("en",),
    mark: int = 67,
    own_words: bool = False,
    quiz: bool = True,
) -> None:
    place = folder / "courses" / slug
    place.mkdir(parents=True, exist_ok=True)
    for locale in locales:
        page = PAGE.format(locale=locale, audience=audience)
        (place.parent / f"{slug}.{locale}.md").write_text(page)
        for number, name in enumerate(("find", "leave-out"), 1):
            lesson = LESSON.format(title=name, locale=locale, minutes=number * 4)
            (place / f"{number:02}-{name}.{locale}.md").write_text(lesson)
        if quiz:
            text = QUIZ.format(mark=mark, locale=locale) + (OWN_WORDS if own_words else "")
            (place / f"quiz.{locale}.yaml").write_text(text)


def load_course(database: Database, folder: Path) -> LoadReport:
    with writing(database) as session:
        return load_content(session, folder)


def write_lesson(  # noqa: PLR0917 # course, lesson, language, then what is to stand there
    session: Session, slug: str, lesson: str, fields: dict[str, Any], body: str, locale: str = "en"
) -> None:
    """As an editor saves it on the web: it is a working copy."""
    token = open_lesson(session, slug, lesson, locale).token
    save_lesson(session, slug, lesson, locale, DraftInput(fields, body), token)
