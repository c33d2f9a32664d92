"""Quotas of contracts in words, and the form that sets one: of editions and of accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.domain.account_metrics import volume_series_of
from portal.domain.contract_quotas import Quota
from portal.domain.volumes import plain
from portal.web.formats import num
from portal.web.forms import PageForm, choices

DIGITS = 6
REFUSALS = {
    "quota-measure": _l("Choose what is counted."),
    "quota-amount": _l("Give a number above 0, or nothing for no quota."),
}


class QuotaForm(PageForm):
    measure = SelectField(_l("What is counted"), [InputRequired(_l("Choose what is counted."))])
    amount = DecimalField(
        _l("Allowed in 30 days"),
        [Optional()],
        description=_l("Nothing takes the quota away."),
    )

    def offer(self, measures: Mapping[str, str]) -> None:
        """`measures`: with what the vendor calls each."""
        self.measure.choices = choices(
            (one, measure_name(one, called)) for one, called in measures.items()
        )


@dataclass(frozen=True, slots=True)
class QuotaLine:
    name: str
    amount: str
    own: bool


def measure_name(measure: str, called: str = "") -> str:
    """`called`: what the vendor calls the series, if it is one."""
    series = volume_series_of(measure)
    return _("Integration calls") if series is None else called or series


def quota_lines(quotas: Iterable[Quota]) -> list[QuotaLine]:
    return [
        QuotaLine(measure_name(one.measure, one.name), num(plain(one.amount), DIGITS), one.own)
        for one in quotas
    ]
