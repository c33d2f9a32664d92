from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from portal.domain.tasks import LONGEST_REASON
from portal.web.forms import PageForm

_REASON = [
    InputRequired(_l("Give a reason: it stands beside the alert.")),
    Length(max=LONGEST_REASON, message=_l("Keep it under 500 characters.")),
]


class SnoozeForm(PageForm):
    until = DateField(
        _l("Until, first day on which it is back"), [InputRequired(_l("Choose a day."))]
    )
    reason = StringField(_l("Reason"), _REASON)


class ClosureForm(PageForm):
    reason = StringField(_l("Reason"), _REASON)
