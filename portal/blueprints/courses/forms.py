"""What is typed in the builder of courses, and what a refusal is in the reader's words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from portal.domain.quizzes import LETTERS, MOST_ATTEMPTS, MOST_MONTHS, MOST_OPTIONS, Kind
from portal.locales import LOCALES
from portal.services.training.question_desk import OptionRow, QuestionText
from portal.web.forms import PageForm, WholeNumberField, choices

KINDS = {
    Kind.SINGLE: _l("One right option"),
    Kind.MULTIPLE: _l("Several right options"),
    Kind.ORDERING: _l("Steps in their order"),
    Kind.TEXT: _l("Own words, read by a person"),
}
# Empty rows offered below the options that stand already.
SPARE_ROWS = 3


class RulesForm(PageForm):
    pass_mark = WholeNumberField(
        _l("Percent right to pass"),
        [InputRequired(_l("Write a number.")), NumberRange(1, 100, _l("From 1 to 100."))],
    )
    attempts = WholeNumberField(
        _l("Attempts"),
        [NumberRange(0, MOST_ATTEMPTS, _l("From 0 to 20; 0 is as many as one likes."))],
        description=_l("0 is as many as one likes."),
    )
    valid_months = WholeNumberField(
        _l("Months that the certificate is valid"),
        [NumberRange(0, MOST_MONTHS, _l("From 0 to 120; 0 is for good."))],
        description=_l("0 is for good."),
    )


class LessonForm(PageForm):
    title = StringField(_l("Title"))
    chapter = StringField(
        _l("Chapter"),
        description=_l("Lessons that follow each other in one chapter stand together."),
    )
    minutes = IntegerField(_l("Minutes"))
    video = StringField(_l("Address of a video"))
    captions = StringField(
        _l("Its captions or transcript"), description=_l("Needed with every video.")
    )
    file = StringField(_l("Address of a file to take along"))
    body = TextAreaField(_l("Text, in Markdown"))
    revision = HiddenField(default="0")

    def values(self) -> dict[str, Any]:
        """As front matter has them: what is empty is left out."""
        typed = {name: (self[name].data or "").strip() for name in _LINES}
        kept: dict[str, Any] = {name: value for name, value in typed.items() if value}
        if self.minutes.data is not None:
            kept["minutes"] = self.minutes.data
        return kept


_LINES = ("title", "chapter", "video", "captions", "file")


class QuestionForm(PageForm):
    kind = SelectField(
        _l("Kind"), choices=choices((kind.value, words) for kind, words in KINDS.items())
    )
    ask = StringField(_l("Question"))
    answer = StringField(_l("What the reviewer looks for"))
    why = StringField(
        _l("Why it is so"),
        description=_l("Said with the right answer, once the quiz is passed or used up."),
    )
    token = HiddenField()


def read_options(sent: MultiDict[str, str]) -> list[OptionRow]:
    """The rows of the form in their order; those that stand already carry their letter."""
    rows = []
    for at in range(MOST_OPTIONS):
        letter = sent.get(f"letter-{at}", "")
        rows.append(
            OptionRow(
                letter=letter if letter in LETTERS else "",
                words=sent.get(f"option-{at}", "").strip(),
                right=f"right-{at}" in sent,
            )
        )
    return rows


def question_text(form: QuestionForm, options: list[OptionRow]) -> QuestionText:
    return QuestionText(
        kind=form.kind.data or "",
        ask=(form.ask.data or "").strip(),
        options=options,
        answer=(form.answer.data or "").strip(),
        why=(form.why.data or "").strip(),
    )


def offered_rows(options: list[OptionRow]) -> list[OptionRow]:
    """With some empty ones below, as many as there may be."""
    filled = [one for one in options if one.words]
    spare = min(SPARE_ROWS, MOST_OPTIONS - len(filled))
    return filled + [OptionRow("", "", right=False)] * max(spare, 4 - len(filled))


def language(asked: Mapping[str, str], usual: str) -> str:
    """The language to write in, from the address."""
    wanted = asked.get("language", "")
    return wanted if wanted in LOCALES else usual


def say(field: str, said: str) -> str:
    """A refusal beside its field, in the reader's words."""
    words = {
        "title": _("Write a title of one line, at most 300 characters."),
        "chapter": _("Write one line, at most 300 characters."),
        "minutes": _("Write whole minutes between 1 and 600."),
        "video": _("Write an address that begins with https://, or a path of the portal."),
        "captions": _("A video needs captions or a transcript, and only a video."),
        "file": _("Write an address that begins with https://, or a path of the portal."),
        "ask": _("Write the question in one line, at most 1,000 characters."),
        "options": _(
            "Give two to ten different options. One of them is right in a question with one right"
            " option, at least one with several."
        ),
        "answer": _("Write in one line what a good answer says."),
        "why": _("Write in one line why it is so."),
    }
    return words.get(field, said)
