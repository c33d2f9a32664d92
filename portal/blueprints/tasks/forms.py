from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.tasks import LONGEST_NOTE, LONGEST_REASON, LONGEST_TITLE
from portal.services.tasks import TaskText
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm


class TaskForm(PageForm):
    """Choices of `owner` are those who may have it; of `account` those in reach. `alert`: the key
    of the one that the task is to hang on.
    """

    title = StringField(
        _l("What is to be done"),
        [Length(max=LONGEST_TITLE, message=_l("Keep it under 200 characters."))],
    )
    account = SelectField(_l("Account"), validate_choice=True)
    kind = SelectField(_l("Kind"), validate_choice=True)
    owner = SelectField(_l("Whose task"), validate_choice=True)
    due_on = DateField(_l("Due on"), [InputRequired(_l("Choose a day."))])
    note = TextAreaField(
        _l("Note"),
        [Optional(), Length(max=LONGEST_NOTE, message=_l("Keep it under 4,000 characters."))],
    )
    alert = HiddenField()

    def text(self) -> TaskText:
        return TaskText(
            title=self.title.data or "",
            kind=self.kind.data,
            owner=self.owner.data or "",
            due_on=self.due_on.data,
            note=self.note.data or "",
        )


class NewTaskForm(CreateForm, TaskForm):
    pass


class SnoozeForm(PageForm):
    until = DateField(
        _l("Until, first day on which it is back"), [InputRequired(_l("Choose a day."))]
    )
    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Give a reason: it stands beside the task.")),
            Length(max=LONGEST_REASON, message=_l("Keep it under 500 characters.")),
        ],
    )
