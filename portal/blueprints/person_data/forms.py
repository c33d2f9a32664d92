from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.web.forms import PageForm

MOST = 200


class WhomForm(PageForm):
    """Whose: the account (a customer's is their own), and the id that events carry."""

    account = SelectField(_l("Account"), [InputRequired(_l("Choose an account."))])
    person = StringField(
        _l("The person’s id"),
        [
            InputRequired(_l("Give the id that the product sends.")),
            Length(max=MOST, message=_l("Ids have at most 200 characters.")),
        ],
    )


class ErasureForm(PageForm):
    account = HiddenField()
    person = HiddenField()
    typed = StringField(_l("Type the id once more"), [InputRequired(_l("Type the id to confirm."))])

    def validate_typed(self, field: Any) -> None:
        if field.data != self.person.data:
            raise ValidationError(str(_l("This is not the id above. Nothing was erased.")))
