from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.web.create_forms import CreateForm
from portal.web.forms import choices
from portal.web.health import BANDS, OUTCOMES

MOST_AMOUNT = 999_999_999_999


class OverrideForm(CreateForm):
    band = RadioField(
        _l("The account is"),
        [InputRequired(_l("Choose one of the three."))],
        choices=choices([(one.value, words) for one, words in BANDS.items()]),
    )
    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Give a reason: it stands beside the score.")),
            Length(max=1000, message=_l("Keep it under 1,000 characters.")),
        ],
        description=_l("Colleagues read it wherever the score stands."),
    )
    until = DateField(
        _l("Until, its last day"),
        [InputRequired(_l("Choose a day."))],
        description=_l("At most 180 days ahead. After that the score counts again by itself."),
    )


class OutcomeForm(CreateForm):
    day = DateField(_l("Contract due on"), [InputRequired(_l("Choose a day."))])
    outcome = SelectField(
        _l("What became of it"),
        choices=choices([(one.value, words) for one, words in OUTCOMES.items()]),
    )
    amount = DecimalField(
        _l("New yearly amount"),
        [
            Optional(),
            NumberRange(0, MOST_AMOUNT, message=_l("Give an amount from 0 on.")),
        ],
        places=2,
    )
    note = StringField(_l("Note"), [Length(max=500, message=_l("Keep it under 500 characters."))])
