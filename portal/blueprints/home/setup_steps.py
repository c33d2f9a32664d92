"""The steps of setting an installation up, and what wants a look, each with what to do."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.arrivals import Arrivals
from portal.services.setup_state import SetupState
from portal.web.formats import moment, num
from portal.web.guards import scope
from portal.web.state import state


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the list. `mark` is good, watch, risk or none (still to be done) and `state` its
    word. `commands` are what to type.
    """

    mark: str
    state: str
    title: str
    words: str
    action: str = ""
    url: str = ""
    commands: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.mark == "good"


def steps_of(setup: SetupState) -> list[Step]:
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


def _done(title: str, words: str, action: str = "", url: str = "") -> Step:
    return Step("good", _("done"), title, words, action, url)


def _todo(title: str, words: str, action: str = "", url: str = "", *commands: str) -> Step:
    return Step("none", _("to do"), title, words, action, url, commands)


def _accounts(setup: SetupState) -> Step:
    title, link = _("Accounts and their people"), (_("See accounts"), url_for("desk.accounts"))
    if setup.accounts and setup.persons:
        words = _("They are imported from your files; import them again when they change.")
        return _done(title, words, *link)
    words = _("Import them from CSV files.")
    return _todo(title, words, *link, "paceline account import", "paceline person import")


def _features(setup: SetupState) -> Step:
    title = _("Feature catalogue and contracts")
    if setup.features and setup.entitled:
        count = num(setup.features)
        return _done(title, _("%(count)s features, and which account has which.", count=count))
    words = _("Import what your product can do, and which account has which.")
    return _todo(title, words, "", "", "paceline feature import", "paceline entitlement import")


def _key(setup: SetupState) -> Step:
    title, url = _("A key for your product"), url_for("admin.keys")
    if not setup.keys:
        words = _("Your product sends usage events with it.")
        return _todo(title, words, _("Create the first key"), url)
    words = ngettext(
        "%(count)s write key is in force.",
        "%(count)s write keys are in force.",
        setup.keys,
        count=num(setup.keys),
    )
    return _done(title, words, _("See keys"), url)


def _events(setup: SetupState) -> Step:
    title, link = _("Usage events"), (_("See what arrives"), url_for("admin.events"))
    last = setup.arrivals.last_event_at
    if last:
        when = moment(last, scope().time_zone)
        return _done(title, _("The last one is of %(moment)s.", moment=when), *link)
    words = _("Give the key to a Segment client, or import a file.")
    return _todo(title, words, *link, "paceline event import")


def _texts(setup: SetupState) -> Step:
    title, link = _("Knowledge"), (_("See knowledge"), url_for("knowledge.index"))
    if setup.texts:
        words = ngettext("%(count)s text.", "%(count)s texts.", setup.texts, count=num(setup.texts))
        return _done(title, words, *link)
    return _todo(title, _("Load your folder of texts."), *link, "paceline content load")


def _mail() -> Step:
    title, link = _("Mail server"), (_("See mails"), url_for("admin.mails"))
    if state().settings.smtp_url.get_secret_value():
        return _done(title, _("Mails leave through your SMTP server."), *link)
    words = _("Until one is set, mails are kept here and sent nowhere.")
    return _todo(title, words, *link, "PACELINE_SMTP_URL")


def _worker(setup: SetupState) -> Step:
    title, link = _("Worker"), (_("See jobs"), url_for("admin.jobs"))
    if not setup.workers:
        words = _("It counts events and sends mails. None was heard of in the last minute.")
        return _todo(title, words, *link, "paceline worker")
    words = ngettext(
        "%(count)s worker does the jobs.",
        "%(count)s workers do the jobs.",
        setup.workers,
        count=num(setup.workers),
    )
    return _done(title, words, *link)


def looks_of(setup: SetupState) -> list[Step]:
    """What somebody has to decide or mend."""
    found = [_dead(setup), _alone(setup), *_arrived(setup)]
    return [step for step in found if step is not None]


def _look(count: int, title: str, words: str, url: str, mark: str = "watch") -> Step | None:
    return Step(mark, num(count), title, words, _("Look"), url) if count else None


def _dead(setup: SetupState) -> Step | None:
    words = _("They were tried several times. Try them again, or discard them.")
    title = _("Jobs that failed for good")
    return _look(setup.queue.dead, title, words, url_for("admin.jobs"), "risk")


def _alone(setup: SetupState) -> Step | None:
    words = _("Say who of your team looks after them: the customer sees that person.")
    title = _("Accounts that nobody looks after")
    return _look(setup.unassigned, title, words, url_for("admin.assignments"))


def _arrived(setup: SetupState) -> list[Step | None]:
    return [*_not_counted(setup.arrivals), *_not_placed(setup.arrivals)]


def _not_counted(found: Arrivals) -> list[Step | None]:
    return [
        _look(
            len(found.floods),
            _("Clients that make up event names"),
            _("Their further names are counted together, as (other)."),
            url_for("admin.events", _anchor="floods"),
            "risk",
        ),
        _look(
            sum(row.requests for row in found.turned_lately),
            _("Requests that were turned away"),
            _("With a wrong key, or in a form that cannot be read: nothing of them is counted."),
            url_for("admin.events", _anchor="turned-away"),
            "risk",
        ),
        _look(
            len(found.held_lately),
            _("Keys that send more than they may"),
            _("Their quota has held requests back in the last seven days."),
            url_for("admin.events", _anchor="held"),
        ),
        _look(
            len(found.refusals),
            _("Kinds of refused messages"),
            _("Some messages could not be taken. Samples say why."),
            url_for("admin.events", _anchor="refused"),
        ),
        _look(
            sum(row.messages for row in found.late),
            _("Messages that came too late"),
            _("They are kept aside: nobody can tell whether they were counted already."),
            url_for("admin.events", _anchor="late"),
        ),
    ]


def _not_placed(found: Arrivals) -> list[Step | None]:
    return [
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
