from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.domain.quotas import LARGEST, Quota
from portal.services.vendor import LEAST_RAW_DAYS, MOST_RAW_DAYS
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, WholeNumberField, choices, trimmed

QUOTA = [
    Optional(),
    NumberRange(
        1, LARGEST, _l("Give a whole number from 1 to 100,000,000, or nothing for no limit.")
    ),
]


class QuotaForm(PageForm):
    """Of a write key; empty is no limit."""

    events_per_minute = WholeNumberField(
        _l("Events a minute, at most"), QUOTA, description=_l("Nothing here: no limit.")
    )
    requests_per_minute = WholeNumberField(
        _l("Requests a minute, at most"), QUOTA, description=_l("Nothing here: no limit.")
    )

    @property
    def quota(self) -> Quota:
        return Quota(self.events_per_minute.data, self.requests_per_minute.data)


class KeyForm(CreateForm, QuotaForm):
    """Choices of `account` are set by the view: they depend on the accounts there are."""

    name = StringField(
        _l("Name of the key"),
        [DataRequired(_l("Give the key a name, so that you know it again.")), Length(max=120)],
        filters=[trimmed],
        description=_l("Where it will be used, for example “Backend, production”."),
    )
    kind = SelectField(
        _l("Kind"),
        choices=choices(
            [("write", _l("Write: sends usage events")), ("api", _l("API: reads figures"))]
        ),
    )
    account = SelectField(_l("Account"), validate_choice=True)


class VendorForm(PageForm):
    """Choices of `locale` and `time_zone` are set by the view."""

    name = StringField(
        _l("Company name"),
        [DataRequired(_l("Give the name that your customers know.")), Length(max=120)],
        filters=[trimmed],
        description=_l("It stands in the head of every page, in mails and in reports."),
    )
    locale = SelectField(_l("Language where nothing else is known"))
    time_zone = SelectField(_l("Time zone"))
    csm_sees_all = BooleanField(_l("Every success manager sees every account, not only their own"))
    raw_days = WholeNumberField(
        _l("Days that raw events are kept"),
        [
            Optional(),
            NumberRange(
                LEAST_RAW_DAYS,
                MOST_RAW_DAYS,
                _l("Give a number of days from 14 to 3650, or leave it empty."),
            ),
        ],
        description=_l(
            "Empty: for good. Figures stay either way, but cannot be made again without raw events."
        ),
    )
    share_health = BooleanField(
        _l("Champions see their own account’s health score"),
        description=_l("Score and band only: never its parts, an override or its reason."),
    )
