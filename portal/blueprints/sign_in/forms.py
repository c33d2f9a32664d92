from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.web.forms import PageForm
from portal.web.sign_in_forms import new_password_field


class AcceptForm(PageForm):
    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Say how we may call you.")), Length(max=200)],
        render_kw={"autocomplete": "name", "maxlength": "200"},
    )
    password = new_password_field(_l("Choose a password"))
