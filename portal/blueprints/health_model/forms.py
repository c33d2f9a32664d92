from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.domain.health import Bands, Component, Weights
from portal.services.health.models import LONGEST_NOTE, MOST_WEIGHT
from portal.web.forms import PageForm, WholeNumberField
from portal.web.health import COMPONENTS

_WHOLE = _l("A weight is a whole number from 0 to 100.")
_SCORE = _l("Give a score from 1 to 100.")


def _weight(label: Any) -> WholeNumberField:
    rules = [InputRequired(_WHOLE), NumberRange(0, MOST_WEIGHT, message=_WHOLE)]
    return WholeNumberField(label, rules, render_kw={"min": 0, "max": MOST_WEIGHT})


def _least(label: Any) -> WholeNumberField:
    rules = [InputRequired(_SCORE), NumberRange(1, 100, message=_SCORE)]
    return WholeNumberField(label, rules, render_kw={"min": 1, "max": 100})


class WeightForm(PageForm):
    """One field for each component, by its key, and the two bands."""

    activity = _weight(COMPONENTS[Component.ACTIVITY])
    breadth = _weight(COMPONENTS[Component.BREADTH])
    volume = _weight(COMPONENTS[Component.VOLUME])
    service = _weight(COMPONENTS[Component.SERVICE])
    sentiment = _weight(COMPONENTS[Component.SENTIMENT])
    community = _weight(COMPONENTS[Component.COMMUNITY])
    payment = _weight(COMPONENTS[Component.PAYMENT])
    growth = _weight(COMPONENTS[Component.GROWTH])
    relationship = _weight(COMPONENTS[Component.RELATIONSHIP])
    green = _least(_l("Healthy from"))
    yellow = _least(_l("Watch from"))

    @property
    def weights(self) -> Weights:
        return {one: self[one.value].data for one in Component}

    @property
    def bands(self) -> Bands:
        return Bands(self.green.data, self.yellow.data)


class ActivationForm(PageForm):
    note = StringField(
        _l("Why"),
        [Length(max=LONGEST_NOTE, message=_l("Keep it under 300 characters."))],
        description=_l("It stands in the list of models."),
    )


def form_data(weights: Weights, bands: Bands) -> dict[str, int]:
    data = {one.value: weights.get(one, 0) for one in Component}
    return data | {"green": bands.green, "yellow": bands.yellow}
