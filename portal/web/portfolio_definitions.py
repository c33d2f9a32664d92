"""What the figures of the vendor's desk mean, and what those of all accounts rest on."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.health import Band
from portal.services.portfolio_summary import Summary
from portal.tenancy import Scope
from portal.web.adoption.definitions import Definition, define, popover
from portal.web.formats import moment, num
from portal.web.prose import joined

DEFINITIONS: dict[str, Definition] = {
    "health": Definition(
        _l("Health"),
        _l(
            "A score from 0 to 100 as of the end of the account’s last full day, from components "
            "weighed for its segment. A component without data is left out, and its weight is "
            "shared among the rest. The model also says from which score on an account is healthy "
            "or at risk; while somebody overrules the score, their word counts. The page “Health” "
            "of an account takes its score apart."
        ),
    ),
    "mean_health": Definition(
        _l("Mean health"),
        _l(
            "The mean of the scores of their accounts, each as heavy as the other. Accounts "
            "without a score are left out."
        ),
    ),
    "alerts": Definition(
        _l("Open alerts"),
        _l("Early warnings that are open now. Those that sleep or have closed are not counted."),
    ),
    "active": Definition(
        _l("Active in 30 days"),
        _l(
            "Different people with at least one event in the 30 days that end with the account’s "
            "last full day, set up or not. Beside it the change on the 30 days before."
        ),
    ),
    "weeks": Definition(
        _l("12 weeks"),
        _l(
            "Different people with at least one event in seven days, twelve times over. The last "
            "of these weeks ends with the account’s last full day."
        ),
    ),
    "renewal": Definition(
        _l("Renewal in"),
        _l("Days from the account’s last full day to the end of its contract."),
    ),
    "renewing": Definition(
        _l("Accounts that renew within 90 days"),
        _l(
            "Those whose contract ends within 90 days after their last full day, or has ended "
            "already."
        ),
    ),
    "stage": Definition(
        _l("By stage"),
        _l("The stage that each account is in today, from signed to renewed or churned."),
    ),
    "overdue": Definition(
        _l("Overdue tasks"),
        _l("Tasks that are not done and were due before today. Those that sleep are left out."),
    ),
    "last": Definition(
        _l("Last event"),
        _l(
            "The day of the last event that has arrived, in the account’s time zone. It is marked "
            "where none came for seven days."
        ),
    ),
}
TABLE = ("health", "active", "login_ratio_30d", "weeks", "renewal", "last")


def define_desk(key: str, scope: str = "define") -> dict[str, str]:
    """The popover behind (i): the desk's own words, else those of the adoption pages."""
    if key not in DEFINITIONS:
        return define(key, scope=scope)
    return popover(DEFINITIONS[key], f"{scope}-{key}")


def define_table(*more: str, without: Iterable[str] = ()) -> list[dict[str, str]]:
    """Of the table of accounts, in the order of its columns."""
    left_out = set(without)
    shown = (TABLE[0], *more, *TABLE[1:])
    return [define_desk(key) for key in shown if key not in left_out]


def portfolio_basis(found: Summary, scope: Scope) -> str:
    """Which days the figures of all accounts are of, and of how many accounts there are any."""
    if not found.accounts:
        return ""
    scored = sum(found.bands[band] for band in Band)
    return joined(
        _("Figures are of each account’s last full day."),
        ngettext(
            "%(heard)s of %(count)s account has sent events, %(scored)s has a health score.",
            "%(heard)s of %(count)s accounts have sent events, %(scored)s have a health score.",
            found.accounts,
            heard=num(found.heard),
            count=num(found.accounts),
            scored=num(scored),
        ),
        _("Last event: %(time)s.", time=moment(found.last_event_at, scope.time_zone))
        if found.last_event_at
        else "",
    )
