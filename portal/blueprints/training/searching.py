"""Lessons, offered to the search of those who may read their course."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.services.search_names import words_of
from portal.services.training.lesson_search import find_lessons
from portal.web.search_sources import Asked, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Lesson"), _l("Lessons"), "play")


def _find(session: Session, asked: Asked) -> Finding:
    words = words_of(asked.text)
    total, lessons = find_lessons(session, asked.text, asked.limit, asked.offset)
    return Finding(
        total,
        [
            entry(
                words,
                one.title,
                one.course_title,
                url_for("training.lesson", slug=one.course, lesson=one.slug),
            )
            for one in lessons
        ],
    )


offer(Source("lesson", WORDS, lambda _scope: True, _find))
