from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, FloatField, SelectField, ValidationError
from wtforms.validators import InputRequired

from portal.domain.account_metrics import METRICS, metric_of
from portal.services.targets import due_range, goal_fits
from portal.services.volumes import SeriesHead
from portal.web.adoption.metric_names import metric_name
from portal.web.adoption.quantities import said, unscaled
from portal.web.create_forms import CreateForm
from portal.web.formats import day_year
from portal.web.forms import PageForm, choices

TAKEN = {"target-exists": _l("This figure has a target already: change that one.")}


class ChangeForm(PageForm):
    """Value and day are held against what they may be together, so that who mends one does not
    hear of the other later. `measure` says for which figure and account.
    """

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

    def measure(self, figure: str | None, last_full_day: date) -> None:
        """`figure` None: one that has no target, so that no value fits or does not."""
        self._figure = figure
        first, last = due_range(last_full_day)
        days = {"first": day_year(first), "last": day_year(last)}
        self.day_within("due", first, last, _("Choose a day from %(first)s to %(last)s.", **days))

    def validate_goal(self, field: Field) -> None:
        if field.data is None or self._figure is None:
            return
        if not goal_fits(self._figure, unscaled(self._figure, field.data)):
            highest = said(self._figure, metric_of(self._figure).highest)
            raise ValidationError(
                _("Choose a value above 0, %(highest)s at most.", highest=highest)
            )


class TargetForm(CreateForm, ChangeForm):
    metric = SelectField(_l("Figure"))

    def offer(self, series: Mapping[str, SeriesHead]) -> tuple[str, ...]:
        """The figures offered. `series`: the account's, by their metric."""
        offered = (*METRICS, *series)
        self.metric.choices = choices((key, metric_name(key, series)) for key in offered)
        return offered
