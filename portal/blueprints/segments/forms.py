from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, trimmed


class SegmentForm(PageForm):
    """The names; what its rule asks for stands in check boxes beside them."""

    name_en = StringField(
        _l("Name in English"),
        [
            DataRequired(_l("Give it a name that colleagues know.")),
            Length(max=120, message=_l("Keep it under 120 characters.")),
        ],
        filters=[trimmed],
    )
    name_zh = StringField(
        _l("Name in Chinese"),
        [Length(max=120, message=_l("Keep it under 120 characters."))],
        filters=[trimmed],
    )


class NewSegmentForm(CreateForm, SegmentForm):
    pass
