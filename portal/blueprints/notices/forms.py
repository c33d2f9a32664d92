from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField

from portal.domain.notices import Notified, kinds_for, ways_for
from portal.domain.permissions import Role
from portal.web.forms import PageForm, choices
from portal.web.notice_words import KINDS, WAYS


def preferences_form(role: Role, **given: Any) -> FlaskForm:
    """A choice for each kind that somebody of that role is told of."""
    fields = {kind.value: _choice(kind) for kind in kinds_for(role)}
    made: FlaskForm = type("PreferencesForm", (PageForm,), fields)(**given)
    return made


def _choice(kind: Notified) -> SelectField:
    """Whoever is asked, or assigned something, can choose where they hear of it."""
    return SelectField(
        KINDS[kind], choices=choices([(way.value, WAYS[way]) for way in ways_for(kind)])
    )
