"""What an account could do next, as a list of texts to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.services.next_steps import NextStep
from portal.web.locale import request_locale

MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    words: str
    url: str


def steps_of(steps: Sequence[NextStep]) -> list[Step]:
    return [_step(step) for step in steps[:MOST_STEPS]]


def _step(step: NextStep) -> Step:
    name = step.feature.name(request_locale())
    words = (
        _("%(feature)s waits for a first user.", feature=name)
        if step.feature.unused
        else _("%(feature)s is used little yet.", feature=name)
    )
    return Step(step.item.title, words, url_for("knowledge.show", slug=step.item.slug))
