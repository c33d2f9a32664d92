from flask import render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.desk.views import blueprint
from portal.domain.health import Band
from portal.domain.lifecycle import STAGES
from portal.domain.permissions import Permission
from portal.services.portfolio_summary import Summary, summarize
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.health import BANDS, MARKS
from portal.web.stages import stage_name


@blueprint.get("/portfolio")
@needs(Permission.ACCOUNT_ALL)
def portfolio() -> str:
    found = summarize(db())
    return render_template(
        "desk/portfolio.html", found=found, bands=_bands(found), stages=_stages(found)
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
