"""The vendor's own settings, and who looks after which account."""

from zoneinfo import available_timezones

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.admin import blueprint
from portal.blueprints.admin.forms import VendorForm
from portal.domain.permissions import Permission
from portal.locales import OWN_NAMES
from portal.services.assignments import assign_csm, list_assignments, possible_csms
from portal.services.vendor import save_vendor
from portal.web.context import vendor_view
from portal.web.forms import choices
from portal.web.guards import db, needs


@blueprint.get("/settings")
@needs(Permission.SETTINGS_WRITE)
def settings() -> str:
    return render_template("admin/settings.html", form=_form())


@blueprint.post("/settings")
@needs(Permission.SETTINGS_WRITE)
def settings_save() -> Response:
    form = _form()
    if form.validate_on_submit():
        with form.refusing({"bad-name": _("Give a name of at most 120 characters.")}):
            save_vendor(
                db(),
                name=form.name.data,
                locale=form.locale.data,
                time_zone=form.time_zone.data,
                csm_sees_all=form.csm_sees_all.data,
                raw_days=form.raw_days.data,
                share_health=form.share_health.data,
            )
            flash(_("Your settings are kept."), "good")
            return redirect(url_for("admin.settings"))
    return make_response(render_template("admin/settings.html", form=form), 422)


@blueprint.get("/assignments")
@needs(Permission.SETTINGS_WRITE)
def assignments() -> str:
    return render_template(
        "admin/assignments.html", rows=list_assignments(db()), csms=possible_csms(db())
    )


@blueprint.post("/assignments/<account_key>")
@needs(Permission.SETTINGS_WRITE)
def assignments_save(account_key: str) -> Response:
    assign_csm(db(), account_key, request.form.get("lead", ""))
    flash(_("The account is in new hands."), "good")
    return redirect(url_for("admin.assignments"))


def _form() -> VendorForm:
    vendor = vendor_view()
    form = VendorForm(
        data={
            "name": vendor.name,
            "locale": vendor.locale,
            "time_zone": vendor.time_zone,
            "csm_sees_all": vendor.csm_sees_all,
            "raw_days": vendor.raw_days,
            "share_health": vendor.share_health,
        }
    )
    form.locale.choices = choices(OWN_NAMES.items())
    form.time_zone.choices = choices((zone, zone) for zone in sorted(available_timezones()))
    return form
