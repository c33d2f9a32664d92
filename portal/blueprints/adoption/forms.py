from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FloatField, SelectField
from wtforms.validators import InputRequired

from portal.domain.account_metrics import METRICS, metric_of
from portal.services.targets import due_range
from portal.services.volumes import SeriesHead
from portal.web.adoption.metric_names import metric_name
from portal.web.adoption.quantities import said
from portal.web.create_forms import CreateForm
from portal.web.formats import day_year
from portal.web.forms import PageForm, choices


def refusals(metric: str, last_full_day: date) -> dict[str, str]:
    """What a target of the figure is refused for, with what it may be."""
    highest = said(metric, metric_of(metric).highest)
    first, last = due_range(last_full_day)
    return {
        "target-exists": _("This figure has a target already: change that one."),
        "target-goal": _("Choose a value above 0, %(highest)s at most.", highest=highest),
        "target-due": _(
            "Choose a day from %(first)s to %(last)s.", first=day_year(first), last=day_year(last)
        ),
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
