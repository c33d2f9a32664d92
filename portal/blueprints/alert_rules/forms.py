from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal.domain.early_warning import (
    PARAMETERS,
    FieldKind,
    ParameterField,
    Rule,
    RuleSetting,
    fields_of,
)
from portal.web.alert_rules import LABELS
from portal.web.forms import PageForm, WholeNumberField


class RuleForm(PageForm):
    """Switch and span; `form_for` adds a field for each threshold. Shares are per cent here."""

    on = BooleanField(_l("On: new alerts are raised"))
    span = SelectField(_l("Replay over the last"), choices=[])


def form_for(rule: Rule) -> type[RuleForm]:
    made = {one.name: _field(one) for one in fields_of(PARAMETERS[rule])}
    return type("ThresholdForm", (RuleForm,), made)


def _field(one: ParameterField) -> Any:
    scale = 100 if one.kind is FieldKind.SHARE else 1
    least, most = one.least * scale, one.most * scale
    said = _("A number from %(least)s to %(most)s.", least=f"{least:g}", most=f"{most:g}")
    checks = [InputRequired(said), NumberRange(least, most, said)]
    keys = {"inputmode": "decimal" if scale > 1 else "numeric", "autocomplete": "off"}
    kind = FloatField if scale > 1 else WholeNumberField
    unit = _l("in per cent") if scale > 1 else ""
    return kind(LABELS[one.name], checks, description=unit, render_kw=keys)


def data_of(setting: RuleSetting, days: int) -> dict[str, Any]:
    found: dict[str, Any] = {"on": setting.on, "span": str(days)}
    for one in fields_of(type(setting.parameters)):
        value = getattr(setting.parameters, one.name)
        found[one.name] = _per_cent(value) if one.kind is FieldKind.SHARE else value
    return found


def _per_cent(share: float) -> float | int:
    """0.15 → 15, without a point where it needs none."""
    found = round(share * 100, 2)
    return int(found) if found.is_integer() else found


def values_of(form: RuleForm, rule: Rule) -> dict[str, Any]:
    return {
        one.name: form[one.name].data / 100 if one.kind is FieldKind.SHARE else form[one.name].data
        for one in fields_of(PARAMETERS[rule])
    }
