from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.locales import OWN_NAMES
from portal.web.create_forms import CreateForm
from portal.web.forms import choices
from portal.web.sign_in_forms import address_field

WHOM = _l("Type the address of the person you invite.")


class InviteForm(CreateForm):
    """Choices of role and account are set by the view: they depend on the reader."""

    email = address_field(missing=WHOM)
    name = StringField(
        _l("Name"),
        [Length(max=200)],
        render_kw={"autocomplete": "off", "maxlength": "200"},
    )
    role = SelectField(_l("Role"), [InputRequired()])
    account = SelectField(_l("Account"), validate_choice=True)
    locale = SelectField(_l("Language of the mail"), choices=choices(OWN_NAMES.items()))
