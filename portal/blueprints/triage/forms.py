from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.request_grading import LONGEST_REASON as LONGEST_GRADE_REASON
from portal.domain.request_judging import LONGEST_REMARK, Judgement, Question
from portal.domain.requests import LONGEST_REASON, Answer, Kind
from portal.services.requests.talking import LONGEST_MESSAGE
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, WholeNumberField, choices
from portal.web.judging_words import ANSWERS as ANSWERS_TO
from portal.web.judging_words import QUESTIONS
from portal.web.request_words import ANSWERS, EFFECTS, KINDS, PARTS, SEVERITIES

# Their name stands before it.
LONGEST_RELAYED = 1500
_BODY = [
    InputRequired(_l("Write something.")),
    Length(max=LONGEST_MESSAGE, message=_l("Keep it under 8,000 characters.")),
]


class SeenForm(PageForm):
    """`version` and `seen` (ISO 8601): what of the request its sender has read."""

    version = WholeNumberField(validators=[Optional()])
    seen = HiddenField()


class MessageForm(CreateForm):
    body = TextAreaField(_l("To the customer"), _BODY)


class NoteForm(CreateForm):
    body = TextAreaField(_l("Among us"), _BODY)


class MoveForm(SeenForm):
    """`to` is the name of the button that was pressed."""

    to = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        [
            Optional(),
            Length(max=LONGEST_REASON, message=_l("Keep it under 2,000 characters.")),
        ],
    )
    release_note = SelectField(_l("Release note"), validate_choice=False)


class RelayForm(PageForm):
    word = RadioField(
        _l("What they said"),
        choices=choices((one.value, ANSWERS[one]) for one in (Answer.WORKS, Answer.NOT_YET)),
    )
    reason = TextAreaField(
        _l("In their words"),
        [
            InputRequired(_l("Write something.")),
            Length(max=LONGEST_RELAYED, message=_l("Keep it under 1,500 characters.")),
        ],
    )


class AssignForm(SeenForm):
    assignee = SelectField(_l("Assigned to"), validate_choice=False)


class SortForm(SeenForm):
    kind = RadioField(_l("Kind"), choices=choices((one.value, KINDS[one]) for one in Kind))
    severity = SelectField(
        _l("Severity"),
        choices=choices([("", "–"), *((one.value, words) for one, words in SEVERITIES.items())]),
    )
    effect = SelectField(
        _l("Effect"),
        choices=choices([("", "–"), *((one.value, words) for one, words in EFFECTS.items())]),
    )
    feature_key = SelectField(_l("Feature"), validate_choice=False)


class GradeForm(PageForm):
    part = SelectField(
        _l("Part"), choices=choices((one.value, words) for one, words in PARTS.items())
    )
    value = SelectField(
        _l("Value"), choices=choices((str(one), str(one)) for one in range(1, 6)), default="3"
    )
    reason = StringField(
        _l("Reason"),
        [Length(max=LONGEST_GRADE_REASON, message=_l("Keep it under 500 characters."))],
    )


def _asks(question: Question) -> SelectField:
    answers = ((one.value, words) for one, words in ANSWERS_TO[question].items())
    return SelectField(
        QUESTIONS[question],
        [InputRequired(_l("Answer this too."))],
        choices=choices([("", _l("Choose")), *answers]),
    )


def _remark() -> StringField:
    return StringField(
        _l("Remark"),
        [Length(max=LONGEST_REMARK, message=_l("Keep it under 500 characters."))],
    )


class JudgementForm(CreateForm):
    """The questions that a change request is judged by, before anybody promises anything."""

    core, core_remark = _asks(Question.CORE), _remark()
    asker, asker_remark = _asks(Question.ASKER), _remark()
    urgency, urgency_remark = _asks(Question.URGENCY), _remark()
    effort, effort_remark = _asks(Question.EFFORT), _remark()
    risk, risk_remark = _asks(Question.RISK), _remark()

    def judgement(self) -> Judgement:
        return Judgement(
            {one: self[one.value].data for one in Question},
            {one: self[f"{one.value}_remark"].data or "" for one in Question},
        )


class VoteForm(PageForm):
    user = SelectField(_l("For whom"), validate_choice=False)
    reason = StringField(
        _l("Where they said so"),
        [Length(max=LONGEST_GRADE_REASON, message=_l("Keep it under 500 characters."))],
    )
