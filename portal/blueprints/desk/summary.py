from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.desk.views import blueprint
from portal.domain.health import Band
from portal.domain.lifecycle import STAGES
from portal.domain.permissions import Permission
from portal.services.desk import NONE
from portal.services.portfolio_summary import Summary, summarize
from portal.web.formats import num
from portal.web.guards import db, needs, scope
from portal.web.health import BANDS, MARKS
from portal.web.portfolio_definitions import define_desk, portfolio_basis
from portal.web.prose import joined, spelled
from portal.web.stages import stage_name

DEFINED = ("health", "renewing", "stage", "mean_health", "alerts", "overdue")


@blueprint.get("/portfolio")
@needs(Permission.ACCOUNT_ALL)
def portfolio() -> str:
    found = summarize(db())
    return render_template(
        "desk/portfolio.html",
        headline=headline(found),
        found=found,
        basis=portfolio_basis(found, scope()),
        defined={key: define_desk(key) for key in DEFINED},
        bands=_bands(found),
        stages=_stages(found),
    )


def headline(found: Summary) -> str:
    """Twelve accounts. Three of them are at risk. One of these renews within 90 days."""
    if not found.accounts:
        return _("No account is in your hands yet.")
    everyone = ngettext(
        "%(count)s account.", "%(count)s accounts.", found.accounts, count=spelled(found.accounts)
    )
    if found.bands[NONE] == found.accounts:
        return joined(everyone, _("None of them has a health score yet."))
    risky, soon = found.bands[Band.RED], found.renewing[Band.RED]
    if not risky:
        return joined(everyone, _("None of them is at risk."))
    at_risk = ngettext(
        "%(count)s of them is at risk.",
        "%(count)s of them are at risk.",
        risky,
        count=spelled(risky),
    )
    return joined(everyone, at_risk, _renewing(soon) if soon else "")


def _renewing(count: int) -> str:
    """Of those at risk."""
    return ngettext(
        "%(count)s of these renews within 90 days.",
        "%(count)s of these renew within 90 days.",
        count,
        count=spelled(count),
    )


def _bands(found: Summary) -> list[tuple[str, str, str, str, str, str]]:
    """Shape, word, accounts with their address, and of them those that renew soon with theirs."""
    known = {band.value: (MARKS[band], str(BANDS[band])) for band in Band}
    return [
        (
            *known.get(band, ("none", _("no score"))),
            num(count),
            url_for("desk.accounts", health=band),
            num(found.renewing[band]),
            url_for("desk.accounts", health=band, near="1"),
        )
        for band, count in found.bands.items()
    ]


def _stages(found: Summary) -> list[tuple[str, str, str]]:
    return [
        (
            stage_name(stage),
            num(found.stages.get(stage, 0)),
            url_for("desk.accounts", stage=stage.value),
        )
        for stage in STAGES
    ]
