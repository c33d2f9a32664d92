from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.web.forms import PageForm, choices


class KeyForm(PageForm):
    """Choices of `account` are set by the view: they depend on the accounts there are."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Give the key a name, so that you know it again.")), Length(max=120)],
        description=_l("Where it will be used, for example “Backend, production”."),
    )
    kind = SelectField(
        _l("Kind"),
        choices=choices(
            [("write", _l("Write: sends usage events")), ("api", _l("API: reads figures"))]
        ),
    )
    account = SelectField(_l("Account"), validate_choice=True)
