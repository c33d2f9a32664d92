from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FloatField, SelectField
from wtforms.validators import InputRequired

from portal.domain.account_metrics import METRICS
from portal.services.volumes import SeriesHead
from portal.web.adoption.metric_names import metric_name
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, choices

REFUSALS = {
    "target-exists": _l("This figure has a target already: change that one."),
    "target-goal": _l(
        "Choose a value above 0; a share is at most 100 per cent, the activation rate 1,000."
    ),
    "target-due": _l("Choose a day after today, at most five years away."),
}


class ChangeForm(PageForm):
    goal = FloatField(
        _l("Target value"),
        [InputRequired(_l("Give a number, such as 80."))],
        description=_l(
            "Shares in per cent, time online in hours, active people as a number, integration "
            "calls and business volume as the sum of 30 days."
        ),
    )
    due = DateField(
        _l("To be reached by"), [InputRequired(_l("Choose a day, such as 2026-09-30."))]
    )


class TargetForm(CreateForm, ChangeForm):
    metric = SelectField(_l("Figure"))

    def offer(self, series: Mapping[str, SeriesHead]) -> None:
        """`series`: the account's, by their metric."""
        offered = (*METRICS, *series)
        self.metric.choices = choices((key, metric_name(key, series)) for key in offered)
