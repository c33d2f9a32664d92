"""The administrator's first page: what is set up, and what wants a look."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.home.greetings import greet
from portal.services.setup_state import SetupState, show_setup
from portal.web.formats import moment, num
from portal.web.guards import db, scope
from portal.web.prose import joined, spelled
from portal.web.state import state


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the list. `mark` is good, watch, risk or none (still to be done)."""

    mark: str
    state: str
    title: str
    words: str
    action: str = ""
    url: str = ""


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
    looks = [step for step in _looks(setup) if step is not None]
    steps = _steps(setup)
    done = sum(1 for step in steps if step.mark == "good")
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
    if setup.arrivals.last_event_at is None:
        first = _("No event has arrived yet.")
    elif missing:
        first = _("Events arrive.")
    else:
        first = _("Everything is set up.")
    if not looks:
        return joined(first, _("Nothing wants a look."))
    return joined(
        first,
        ngettext(
            "%(count)s thing wants a look.",
            "%(count)s things want a look.",
            looks,
            count=spelled(looks),
        ),
    )


def _lead(setup: SetupState) -> str:
    return _(
        "%(accounts)s accounts, %(persons)s people set up, %(features)s features in the catalogue, "
        "%(customers)s people of customers who can sign in.",
        accounts=num(setup.accounts),
        persons=num(setup.persons),
        features=num(setup.features),
        customers=num(setup.customers),
    )


def _steps(setup: SetupState) -> list[Step]:
    """In the order in which an installation is set up."""
    return [
        _accounts(setup),
        _features(setup),
        _key(setup),
        _events(setup),
        _texts(setup),
        _mail(),
        _worker(setup),
    ]


def _step(done: bool, title: str, words: str, action: str = "", url: str = "") -> Step:  # noqa: FBT001 # reads as a sentence: done or not
    return Step(
        "good" if done else "none", _("done") if done else _("to do"), title, words, action, url
    )


def _accounts(setup: SetupState) -> Step:
    done = bool(setup.accounts and setup.persons)
    words = (
        _(
            "%(accounts)s accounts with %(persons)s people.",
            accounts=num(setup.accounts),
            persons=num(setup.persons),
        )
        if done
        else _("Run `paceline account import` and `paceline person import` with your CSV files.")
    )
    return _step(
        done, _("Accounts and their people"), words, _("See accounts"), url_for("desk.accounts")
    )


def _features(setup: SetupState) -> Step:
    done = bool(setup.features and setup.entitlements)
    words = (
        _("%(count)s features, and which account has which.", count=num(setup.features))
        if done
        else _(
            "Run `paceline feature import` and `paceline entitlement import` with your CSV files."
        )
    )
    return _step(done, _("Feature catalogue and contracts"), words)


def _key(setup: SetupState) -> Step:
    done = setup.keys > 0
    words = (
        ngettext(
            "%(count)s write key is in force.",
            "%(count)s write keys are in force.",
            setup.keys,
            count=num(setup.keys),
        )
        if done
        else _("Your product sends usage events with it.")
    )
    action = _("See keys") if done else _("Create the first key")
    return _step(done, _("A key for your product"), words, action, url_for("admin.keys"))


def _events(setup: SetupState) -> Step:
    last = setup.arrivals.last_event_at
    words = (
        _("The last one is of %(moment)s.", moment=moment(last, scope().time_zone))
        if last
        else _("Give the key to a Segment client, or run `paceline event import`.")
    )
    return _step(
        last is not None, _("Usage events"), words, _("See what arrives"), url_for("admin.events")
    )


def _texts(setup: SetupState) -> Step:
    done = setup.texts > 0
    words = (
        _("%(count)s texts.", count=num(setup.texts))
        if done
        else _("Run `paceline content load` with your folder of texts.")
    )
    return _step(done, _("Knowledge"), words, _("See knowledge"), url_for("knowledge.index"))


def _mail() -> Step:
    done = bool(state().settings.smtp_url.get_secret_value())
    words = (
        _("Mails leave through your SMTP server.")
        if done
        else _("Mails are kept here and sent nowhere. Set PACELINE_SMTP_URL to send them.")
    )
    return _step(done, _("Mail server"), words, _("See mails"), url_for("admin.mails"))


def _worker(setup: SetupState) -> Step:
    done = setup.workers > 0
    words = (
        ngettext(
            "%(count)s worker does the jobs.",
            "%(count)s workers do the jobs.",
            setup.workers,
            count=num(setup.workers),
        )
        if done
        else _("No worker was heard of in the last minute. Start `paceline worker`.")
    )
    return _step(done, _("Worker"), words, _("See jobs"), url_for("admin.jobs"))


def _looks(setup: SetupState) -> list[Step | None]:
    """What somebody has to decide or mend."""
    found = setup.arrivals
    return [
        _look(
            setup.queue.dead,
            _("Jobs that failed for good"),
            _("They were tried several times. Try them again, or discard them."),
            url_for("admin.jobs"),
            "risk",
        ),
        _look(
            len(found.refusals),
            _("Kinds of refused messages"),
            _("Some messages could not be taken. Samples say why."),
            url_for("admin.events", _anchor="refused"),
        ),
        _look(
            len(found.unknown_accounts),
            _("Accounts that nobody knows"),
            _("Their messages are kept aside until the account is there."),
            url_for("admin.events", _anchor="unknown"),
        ),
        _look(
            len(found.unmapped),
            _("Event names without a feature"),
            _("They count as activity, but for no feature."),
            url_for("admin.events", _anchor="unmapped"),
        ),
        _look(
            sum(row.persons for row in found.unlisted),
            _("People at work who are not set up"),
            _("They count as active, but in no ratio."),
            url_for("admin.events", _anchor="unlisted"),
        ),
    ]


def _look(count: int, title: str, words: str, url: str, mark: str = "watch") -> Step | None:
    return Step(mark, num(count), title, words, _("Look"), url) if count else None
