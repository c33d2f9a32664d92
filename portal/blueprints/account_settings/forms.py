from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.services.account_settings import GROUPS, NAMED
from portal.web.forms import PageForm, choices


class PeopleShownForm(PageForm):
    people_shown = RadioField(
        _l("How people appear in figures"),
        [InputRequired(_l("Choose one of the two."))],
        choices=choices(
            [
                (NAMED, _l("By name, person by person")),
                (GROUPS, _l("Only in groups of at least five")),
            ]
        ),
    )
