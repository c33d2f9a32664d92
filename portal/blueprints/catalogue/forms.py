from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from portal.blueprints.catalogue.words import KINDS, OPERATORS
from portal.services.imports.cells import KEY
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, choices, trimmed

KEY_WORDS = _l("Letters, digits, dot, dash or underscore, at most 120.")


def key_field() -> StringField:
    return StringField(
        _l("Key"),
        [
            InputRequired(_l("Give it a key, so that files and programs know it.")),
            Regexp(f"^{KEY.pattern}$", message=KEY_WORDS),
        ],
        description=_l("It never changes. %(rule)s", rule=KEY_WORDS),
    )


class NamedForm(PageForm):
    """A thing of the catalogue that exists; its key stands in the address."""

    name_en = StringField(
        _l("Name in English"),
        [DataRequired(_l("Give the name that your customers know.")), Length(max=200)],
        filters=[trimmed],
    )
    name_zh = StringField(_l("Name in Chinese"), [Length(max=200)], filters=[trimmed])


class NewEditionForm(CreateForm, NamedForm):
    key = key_field()


class FeatureForm(NamedForm):
    module = StringField(
        _l("Module"),
        [Length(max=120)],
        description=_l("The part of the product that it belongs to."),
    )
    kind = SelectField(_l("Kind of use"), choices=choices(KINDS.items()))
    core = BooleanField(_l("Core feature"), description=_l("It counts in breadth and depth."))
    depth_target_per_week = DecimalField(
        _l("Target per week"),
        [
            Optional(),
            NumberRange(
                Decimal("0.001"), 999_999, message=_l("Give a number above 0, such as 2.5.")
            ),
        ],
        places=None,
        description=_l("Uses by each person who uses it. Depth is measured against it."),
    )
    activation = BooleanField(
        _l("Its use activates a person"),
        description=_l("While no feature has this, any event activates."),
    )


class NewFeatureForm(CreateForm, FeatureForm):
    key = key_field()
    events = StringField(
        _l("Event names"),
        [Length(max=2000)],
        description=_l("Several are separated by |, and * stands for anything: report.*"),
    )


class RuleForm(PageForm):
    pattern = StringField(_l("Event name"), [InputRequired(_l("Give a name.")), Length(max=200)])
    member = StringField(_l("Property"), [Length(max=120)])
    operator = SelectField(_l("Comparison"), choices=choices(OPERATORS.items()))
    value = StringField(_l("Value"), [Length(max=120)])


class FileForm(PageForm):
    file = FileField(_l("CSV file"), [FileRequired(_l("Choose a file."))])
