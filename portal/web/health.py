"""Health in words: bands with their shapes, components with their definitions, levers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.health import Band, Component
from portal.domain.health_levers import Change, Lever
from portal.services.health import HealthRow, OverrideView
from portal.services.health.lifting import BestStep
from portal.services.health.outcomes import Outcome
from portal.services.health.sharing import SharedHealth
from portal.web.formats import day, num, signed
from portal.web.prose import closed

MARKS = {Band.GREEN: "good", Band.YELLOW: "watch", Band.RED: "risk"}
BANDS = {Band.GREEN: _l("healthy"), Band.YELLOW: _l("watch"), Band.RED: _l("at risk")}
COMPONENTS = {
    Component.ACTIVITY: _l("Activity"),
    Component.BREADTH: _l("Breadth and depth"),
    Component.VOLUME: _l("Business volume"),
    Component.SERVICE: _l("Service"),
    Component.SENTIMENT: _l("Sentiment"),
    Component.COMMUNITY: _l("Community"),
    Component.PAYMENT: _l("Payment"),
    Component.GROWTH: _l("Growth drive"),
    Component.RELATIONSHIP: _l("Relationship"),
}
OUTCOMES = {
    Outcome.RENEWED: _l("Renewed"),
    Outcome.SHRANK: _l("Shrank"),
    Outcome.LEFT: _l("Left"),
}
DEFINITIONS = {
    Component.ACTIVITY: _l(
        "Seven tenths: people active in 7 days, of all people set up, where 80 %% give all points. "
        "Three tenths: the last four weeks against the four before."
    ),
    Component.BREADTH: _l(
        "Half: core features used in 30 days, of those in the contract. Half: how deep they are "
        "used, against their weekly targets."
    ),
    Component.VOLUME: _l(
        "The last 30 days against the 30 before, over all series: 75 where nothing changed, 100 "
        "from a fifth more on, 0 from three fifths less on."
    ),
    Component.SERVICE: _l(
        "Half: age of the oldest open request that does not wait for the customer, no points from "
        "20 days on. Half: hours to the first answer, the median of 90 days, no points from 48 on. "
        "Without any request in 90 days it is missing."
    ),
    Component.SENTIMENT: _l("The mean of NPS, moved to 0 to 100, and CSAT."),
    Component.COMMUNITY: _l(
        "People who read, vote, learn or come to events in 90 days, of all people set up, where "
        "30 %% give all points. It is missing until somebody of the account does so for the first "
        "time."
    ),
    Component.PAYMENT: _l("Days that the oldest invoice is overdue: no points from 50 on."),
    Component.GROWTH: _l(
        "Six tenths: seats in use, of those bought. Four tenths: core features begun within 90 "
        "days, where two give all points."
    ),
    Component.RELATIONSHIP: _l(
        "Half: a sponsor who is there. Half: the last touch within the segment’s cadence."
    ),
}


@dataclass(frozen=True, slots=True)
class HealthWords:
    """A score in a table cell or a panel. `mark` is its shape, empty without a score; `override`
    says that somebody holds it.
    """

    mark: str
    score: str
    more: str
    override: str


def health_words(row: HealthRow | None) -> HealthWords:
    if row is None or row.band is None:
        return HealthWords("", "–", "", "")
    moved = None if row.before is None or row.score is None else row.score - row.before
    return HealthWords(
        mark=MARKS[row.band],
        score=num(row.score) if row.score is not None else str(BANDS[row.band]),
        more=_("%(change)s in a week", change=signed(moved)) if moved else "",
        override=override_words(row.override) if row.override else "",
    )


def shared_words(shared: SharedHealth) -> HealthWords:
    """For the customer: score and band alone."""
    return HealthWords(MARKS[shared.band], num(shared.score), "", "")


def override_words(override: OverrideView) -> str:
    """Held at “at risk” by Mara Quill until 3 December: the sponsor has left."""
    return _(
        "Held at “%(band)s” by %(name)s until %(day)s: %(reason)s",
        band=BANDS[override.band],
        name=override.by or _("the command line"),
        day=day(override.until),
        reason=closed(override.reason),
    )


def change_words(change: Change) -> str:
    """Twelve more people a week, as the object of a sentence."""
    said: dict[Lever, Callable[[int], str]] = {
        Lever.PEOPLE: lambda count: ngettext(
            "%(count)s more person active a week",
            "%(count)s more people active a week",
            count,
            count=num(count),
        ),
        Lever.FEATURE: lambda _count: _("one more core feature in use"),
        Lever.DEPTH: lambda _count: _("core features used as often as their targets say"),
        Lever.VOLUME: lambda _count: _("business volume back at the month before"),
        Lever.SEATS: lambda count: ngettext(
            "%(count)s more seat in use", "%(count)s more seats in use", count, count=num(count)
        ),
        Lever.REQUEST: lambda _count: _("the oldest open request decided or answered"),
        Lever.COMMUNITY: lambda count: ngettext(
            "%(count)s more person who reads, votes or learns",
            "%(count)s more people who read, vote or learn",
            count,
            count=num(count),
        ),
    }
    return str(said[change.lever](change.amount or 0))


def best_words(step: BestStep | None) -> str:
    if step is None:
        return ""
    said = {"change": change_words(step.change), "points": signed(step.change.gain, 1)}
    if step.name:
        return _(
            "One change would add most: %(change)s at %(account)s, %(points)s.",
            account=step.name,
            **said,
        )
    return _("One change would add most: %(change)s, %(points)s.", **said)


def definition_of(component: Component) -> str:
    """A message without values is not formatted, so its per cent signs are still double."""
    return str(DEFINITIONS[component]).replace("%%", "%")


def names_of(components: Sequence[Component]) -> list[str]:
    return [str(COMPONENTS[one]) for one in components]
