"""A cell of the matrix in shape and words, the page's sentence, and the rows of its CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.training import Standing
from portal.services.training.matrix import LATE, SORTS, STATES, Matrix, MatrixQuestion
from portal.services.training.matrix_facts import Cell
from portal.web.formats import day, num
from portal.web.listing import DOWN, SortLink, kept, sort_links
from portal.web.pages import page_number
from portal.web.prose import joined, spelled

COLUMNS = ("name", "email", "team", "course", "standing", "lessons_done", "best", "due_on", "late")


@dataclass(frozen=True, slots=True)
class Shown:
    """`kind` is the shape; `more` stands in small below it."""

    kind: str
    words: str
    more: str


def read_question(asked: Mapping[str, str]) -> MatrixQuestion:
    """Anything unknown counts as not asked."""
    sort, state = asked.get("sort", ""), asked.get("state", "")
    return MatrixQuestion(
        team=asked.get("team", "")[:200],
        course=asked.get("course", "")[:200],
        state=state if state in STATES else "",
        sort=sort if sort in SORTS else "name",
        descending=asked.get("dir") == DOWN,
        page=page_number(asked),
    )


def state_choices() -> list[tuple[str, str]]:
    return [
        (LATE, _("late")),
        (Standing.TO_DO.value, _("to do")),
        (Standing.STARTED.value, _("under way")),
        (Standing.REVIEW.value, _("in review")),
        (Standing.FINISHED.value, _("finished")),
        (Standing.EXPIRED.value, _("expired")),
    ]


def address(
    endpoint: str, question: MatrixQuestion, parameters: dict[str, Any], **changes: Any
) -> str:
    values = {
        "team": question.team,
        "course": question.course,
        "state": question.state,
        "sort": "" if question.sort == "name" else question.sort,
        "dir": DOWN if question.descending else "",
    }
    return url_for(endpoint, **parameters, **kept(values, changes))


def sorts(
    endpoint: str, question: MatrixQuestion, parameters: dict[str, Any]
) -> dict[str, SortLink]:
    return sort_links(
        SORTS,
        question.sort,
        descending=question.descending,
        usual="name",
        address=lambda **changes: address(endpoint, question, parameters, **changes),
        highest_first=("finished", "late"),
    )


def shown_cell(cell: Cell) -> Shown:
    """Empty where nobody asked for the course and it was not begun."""
    if cell.standing is None:
        return Shown("", "", "")
    due = _("by %(day)s", day=day(cell.due_on)) if cell.due_on else ""
    part = _("%(done)s of %(all)s", done=num(cell.done), all=num(cell.lessons))
    best = "" if cell.best is None else _("%(score)s %%", score=num(cell.best))
    if cell.late:
        return Shown("risk", _("late"), part)
    return {
        Standing.FINISHED: Shown("good", _("finished"), best),
        Standing.EXPIRED: Shown("watch", _("expired"), ""),
        Standing.REVIEW: Shown("half", _("in review"), ""),
        Standing.STARTED: Shown("half", _("under way"), due or part),
        Standing.TO_DO: Shown("none", _("to do"), due),
    }[cell.standing]


def headline(matrix: Matrix) -> str:
    """Three people are late. Twelve of 20 have finished a course."""
    if not matrix.named:
        return _("How far your company is with its courses.")
    late = sum(1 for row in matrix.everyone if row.late)
    done = sum(1 for row in matrix.everyone if row.finished)
    said = ngettext(
        "%(done)s of %(num)s person has finished a course.",
        "%(done)s of %(num)s people have finished a course.",
        matrix.people,
        done=num(done),
    )
    if not late:
        return said
    return joined(
        ngettext(
            "%(count)s person is late.", "%(count)s people are late.", late, count=spelled(late)
        ),
        said,
    )


def csv_rows(matrix: Matrix) -> list[Sequence[object]]:
    return [
        (
            row.person.name,
            row.person.email,
            row.person.team,
            course.slug,
            cell.standing.value if cell.standing else "",
            f"{cell.done}/{cell.lessons}",
            cell.best,
            cell.due_on,
            "yes" if cell.late else "",
        )
        for row in matrix.rows
        for course, cell in zip(matrix.courses, row.cells, strict=True)
    ]
