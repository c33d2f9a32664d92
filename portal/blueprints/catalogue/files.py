"""The catalogue as a CSV file, out and in."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.catalogue import blueprint
from portal.blueprints.catalogue.forms import FileForm
from portal.domain.permissions import Permission
from portal.services.catalogue.features_file import export_rows
from portal.services.imports import ImportRefused, ImportReport, import_features
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.spreadsheets import csv_file


@blueprint.get("/features.csv")
@needs(Permission.USAGE_ADMIN)
def features_csv() -> Response:
    """In the form in which it is imported again."""
    columns, rows = export_rows(db())
    return csv_file(f"features-{request_time():%Y-%m-%d}.csv", columns, rows)


@blueprint.get("/feature-import")
@needs(Permission.USAGE_ADMIN)
def import_form() -> str:
    return render_template("catalogue/import.html", form=FileForm(formdata=None), refused=None)


@blueprint.post("/feature-import")
@needs(Permission.USAGE_ADMIN)
def import_file() -> AnyResponse:
    form, refused, report = FileForm(), None, None
    if form.validate_on_submit():
        dry_run = "check" in request.form
        try:
            report = import_features(db(), form.file.data.read(), dry_run=dry_run)
        except ImportRefused as wrong:
            refused = wrong
        else:
            if not dry_run:
                flash(_("The catalogue is as the file says: %(told)s", told=told(report)), "good")
                return redirect(url_for("catalogue.features"))
    page = render_template(
        "catalogue/import.html",
        form=form,
        refused=refused,
        checked=told(report) if report else "",
    )
    return make_response(page, 200 if report else 422)


def told(report: ImportReport) -> str:
    rows = ngettext("%(count)s row", "%(count)s rows", report.rows, count=num(report.rows))
    return _(
        "%(rows)s; %(added)s added, %(changed)s changed, %(unchanged)s unchanged.",
        rows=rows,
        added=num(report.added),
        changed=num(report.changed),
        unchanged=num(report.unchanged),
    )
