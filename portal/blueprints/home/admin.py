"""The administrator's first page: what is set up, and what wants a look."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.home.greetings import greet
from portal.blueprints.home.setup_steps import Step, looks_of, steps_of
from portal.services.setup_state import SetupState, show_setup
from portal.web.formats import num
from portal.web.guards import db
from portal.web.prose import joined, spelled


@dataclass(frozen=True, slots=True)
class AdminPage:
    kicker: str
    headline: str
    lead: str
    looks: list[Step]
    steps: list[Step]
    done: int
    demo: bool


def admin_page() -> AdminPage:
    setup = show_setup(db())
    looks, steps = looks_of(setup), steps_of(setup)
    done = sum(1 for step in steps if step.done)
    return AdminPage(
        kicker=greet(),
        headline=headline(setup, len(looks), len(steps) - done),
        lead=_lead(setup),
        looks=looks,
        steps=steps,
        done=done,
        demo=setup.demo,
    )


def headline(setup: SetupState, looks: int, missing: int) -> str:
    """Events arrive. Two things want a look."""
    first = _("Events arrive.") if setup.arrivals.last_event_at else _("No event has arrived yet.")
    if looks:
        second = ngettext(
            "%(count)s thing wants a look.",
            "%(count)s things want a look.",
            looks,
            count=spelled(looks),
        )
    elif missing:
        second = ngettext(
            "%(count)s step is left to set up.",
            "%(count)s steps are left to set up.",
            missing,
            count=spelled(missing),
        )
    else:
        second = _("Nothing wants a look.")
    return joined(first, second)


def _lead(setup: SetupState) -> str:
    people = ngettext(
        "%(count)s person of a customer can sign in.",
        "%(count)s people of customers can sign in.",
        setup.customers,
        count=num(setup.customers),
    )
    accounts = ngettext(
        "%(count)s account with %(persons)s people set up.",
        "%(count)s accounts with %(persons)s people set up.",
        setup.accounts,
        count=num(setup.accounts),
        persons=num(setup.persons),
    )
    return joined(accounts, people)
