"""What is typed in the builder of courses, and what a refusal is in the reader's words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.course_file import LESSON_WORDS, LONGEST_TITLE
from portal.domain.errors import Invalid
from portal.domain.quizzes import LETTERS, MOST_ATTEMPTS, MOST_MONTHS, MOST_OPTIONS, Kind
from portal.locales import LOCALES, OWN_NAMES
from portal.services.training.question_desk import OptionRow, QuestionText
from portal.web.forms import (
    PageForm,
    WholeNumberField,
    choices,
    file_s_lines,
    focus_first_error,
)
from portal.web.knowledge_words import FIELD_NAMES, RULE_NAMES
from portal.web.refusals import sentence

KINDS = {
    Kind.SINGLE: _l("One right option"),
    Kind.MULTIPLE: _l("Several right options"),
    Kind.ORDERING: _l("Steps in their order"),
    Kind.TEXT: _l("Own words, read by a person"),
}
# Refusals of what was sent with a lesson, by code.
SENT_WRONG = {
    "video-too-large": _l("The video is larger than 64 MB. Make it smaller, or give its address."),
    "no-video": _l("This is no video that browsers play. Send MP4 or WebM."),
    "no-captions": _l("These are no captions. Send WebVTT (.vtt), at most 1 MB."),
    "file-empty": _l("The file is empty."),
    "file-too-large": _l("The file is larger than 10 MB."),
    "file-refused": _l("Files of this kind are not taken. Send PDF, Word, Excel, slides or text."),
    "file-macros": _l("Files with macros are not taken."),
    "file-picture": _l("Put pictures into the text."),
    "file-harmful": _l("The virus scanner holds this file for harmful."),
}
# Empty rows offered below the options that stand already.
SPARE_ROWS = 3


class RulesForm(PageForm):
    pass_mark = WholeNumberField(
        RULE_NAMES["pass_mark"],
        [InputRequired(_l("Write a number.")), NumberRange(1, 100, _l("From 1 to 100."))],
    )
    attempts = WholeNumberField(
        RULE_NAMES["attempts"],
        [NumberRange(0, MOST_ATTEMPTS, _l("From 0 to 20; 0 is as many as one likes."))],
        description=_l("0 is as many as one likes."),
    )
    valid_months = WholeNumberField(
        RULE_NAMES["valid_months"],
        [NumberRange(0, MOST_MONTHS, _l("From 0 to 120; 0 is for good."))],
        description=_l("0 is for good."),
    )


class StartLessonForm(PageForm):
    title = StringField(
        FIELD_NAMES["title"],
        [
            InputRequired(_l("Give it a title: it can change.")),
            Length(max=LONGEST_TITLE, message=_l("Write one line of at most 300 characters.")),
        ],
    )
    language = SelectField(_l("Language"), validate_choice=True)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.language.choices = choices(OWN_NAMES.items())


class LessonForm(PageForm):
    """A lesson's working copy. Nothing is required: what is missing is said by the checks. `token`
    is that of the text which was opened.
    """

    token = HiddenField()
    title = StringField(FIELD_NAMES["title"])
    chapter = StringField(
        FIELD_NAMES["chapter"],
        description=_l("Lessons that follow each other in one chapter stand together."),
    )
    minutes = WholeNumberField(
        _l("Minutes"), [Optional(), NumberRange(1, 600, _l("From 1 to 600."))]
    )
    video = StringField(FIELD_NAMES["video"])
    captions = StringField(FIELD_NAMES["captions"], description=_l("Needed with every video."))
    file = StringField(FIELD_NAMES["file"])
    body = TextAreaField(FIELD_NAMES["body"], filters=[file_s_lines])
    send_video = FileField(
        _l("Or send a video"),
        description=_l("MP4 or WebM, at most 64 MB. It is kept once you press Save."),
    )
    send_captions = FileField(
        _l("Or send its captions"),
        description=_l("WebVTT (.vtt). They are kept once you press Save."),
    )
    send_file = FileField(
        _l("Or send a file"),
        description=_l(
            "PDF, Word, Excel, slides or text, at most 10 MB. Readers get it as it is. It is kept"
            " once you press Save."
        ),
    )
    picture = FileField(_l("Image"))
    words = StringField(_l("Words for those who cannot see it"))

    def fields(self) -> dict[str, Any]:
        """As Draft.fields has them; minutes that are no number stay as they are."""
        typed = {key: self[key].data or "" for key in LESSON_WORDS}
        raw = (self.minutes.raw_data or [""])[0].strip()
        if raw and (self.minutes.errors or self.minutes.process_errors):
            return typed
        return {**typed, "minutes": self.minutes.data or 0}

    def refuse_fields(self, failure: Invalid) -> None:
        """What a service objected to, beside the fields, in the reader's language."""
        for name in failure.fields:
            if failure.code in SENT_WRONG:
                sent = self[f"send_{name}"]
                sent.errors = [*sent.errors, str(SENT_WRONG[failure.code])]
            elif name in self:
                self[name].errors = [*self[name].errors, say(name, failure.fields[name])]
        if not any(name in self for name in failure.fields):
            self.form_errors.append(sentence(failure))
        focus_first_error(self)


def one_line(typed: str | None) -> str | None:
    """What is long breaks as it is shown, not as it is kept."""
    return None if typed is None else " ".join(typed.split())


class QuestionForm(PageForm):
    kind = SelectField(
        _l("Kind"), choices=choices((kind.value, words) for kind, words in KINDS.items())
    )
    ask = TextAreaField(_l("Question"), filters=[one_line])
    answer = TextAreaField(_l("What the reviewer looks for"), filters=[one_line])
    why = TextAreaField(
        _l("Why it is so"),
        filters=[one_line],
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
        "body": _("The text is too long or holds signs that no text may have."),
        "chapter": _("Write one line, at most 300 characters."),
        "minutes": _("Write whole minutes between 1 and 600."),
        "video": _("Write an address that begins with https://, or a path of the portal."),
        "captions": _("Write an address that begins with https://, or a path of the portal."),
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
