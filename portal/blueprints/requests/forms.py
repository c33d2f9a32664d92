from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.requests import LONGEST_REASON
from portal.services.requests.talking import LONGEST_MESSAGE
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm


class MessageForm(CreateForm):
    body = TextAreaField(
        _l("Write to those who follow"),
        [
            InputRequired(_l("Write something first.")),
            Length(max=LONGEST_MESSAGE, message=_l("Keep it under 8,000 characters.")),
        ],
    )


class AnswerForm(PageForm):
    reason = TextAreaField(
        _l("What does not work yet"),
        [Length(max=LONGEST_REASON, message=_l("Keep it under 2,000 characters."))],
    )
