from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.web.forms import PageForm


class RoleForm(PageForm):
    """The choices are set by the view: roles of the person's own side."""

    role = SelectField(_l("Role"))
