from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.domain.errors import Conflict
from portal.domain.permissions import Permission
from portal.services.accounts import list_account_names
from portal.services.rebuilds import RawKept, ask_rebuild, list_rebuilds, raw_kept
from portal.services.vendor import show_vendor
from portal.web.formats import moment, num
from portal.web.guards import db, needs, scope

blueprint = Blueprint(
    "raw_events", __name__, url_prefix="/admin/raw-events", template_folder="templates"
)


@blueprint.get("")
@needs(Permission.USAGE_ADMIN)
def show() -> str:
    kept = raw_kept(db())
    return render_template(
        "raw_events/show.html",
        raw=kept,
        amounts=_amounts(kept, show_vendor(db()).raw_days),
        accounts=list_account_names(db()),
        rebuilds=list_rebuilds(db()),
    )


@blueprint.get("/rebuilds")
@needs(Permission.USAGE_ADMIN)
def rebuilds() -> str:
    """The list alone, asked for again while one is under way."""
    return render_template("raw_events/_rebuilds.html", rebuilds=list_rebuilds(db()))


@blueprint.post("/rebuilds")
@needs(Permission.USAGE_ADMIN)
def rebuild() -> Response:
    try:
        ask_rebuild(db(), request.form.get("account", ""))
        flash(_("Begun. The figures stay as they are until it is done."), "good")
    except Conflict:
        flash(_("These figures are being made again already."), "watch")
    return redirect(url_for("raw_events.show", _anchor="rebuilds"))


def _amounts(kept: RawKept, days: int | None) -> list[tuple[str, str]]:
    zone = scope().time_zone
    return [
        (_("Messages as they came"), num(kept.messages)),
        (_("The oldest came"), moment(kept.oldest_at, zone) if kept.oldest_at else _("none")),
        (_("Events archived"), num(kept.archived)),
        (
            _("How long"),
            ngettext("%(num)s day", "%(num)s days", days) if days else _("for good"),
        ),
    ]
