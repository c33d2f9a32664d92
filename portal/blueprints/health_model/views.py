"""Weights and bands by segment, in a draft that is tried before it is put in force."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.health_model import blueprint
from portal.blueprints.health_model.forms import ActivationForm, WeightForm, form_data
from portal.blueprints.health_model.page import model_page, trial_rows
from portal.domain.errors import Conflict
from portal.domain.permissions import Permission
from portal.domain.segments import OTHERS
from portal.services.health.book import ANY, HealthBook, active_book
from portal.services.health.models import (
    activate_draft,
    discard_draft,
    find_draft,
    forget_segment,
    list_models,
    weigh_segment,
)
from portal.services.health.trial import try_model
from portal.services.segments import segment_rules
from portal.web.forms import PageForm
from portal.web.guards import db, needs
from portal.web.refusals import SENTENCES, turning_back
from portal.web.spreadsheets import csv_file


@blueprint.get("")
@needs(Permission.HEALTH_ADMIN)
def index() -> str:
    return _page()


@blueprint.get("/preview.csv")
@needs(Permission.HEALTH_ADMIN)
def preview_csv() -> Response:
    book = find_draft(db()) or active_book(db())
    columns, rows = trial_rows(try_model(db(), book))
    return csv_file("health-model-preview.csv", columns, rows)


@blueprint.post("/draft")
@needs(Permission.HEALTH_ADMIN)
def draft_save() -> AnyResponse:
    form, segment = WeightForm(), _segment()
    if form.validate_on_submit():
        with form.refusing(SENTENCES):
            weigh_segment(db(), segment, form.weights, form.bands)
            flash(_("Kept in the draft. Below stands what it would change."), "toast")
            return redirect(url_for("health_model.index", segment=segment or None))
    return make_response(_page(form), 422)


@blueprint.post("/draft/removal")
@needs(Permission.HEALTH_ADMIN)
def draft_forget() -> AnyResponse:
    forget_segment(db(), _segment())
    flash(_("In the draft the segment has the weights of all others."), "toast")
    return redirect(url_for("health_model.index"))


@blueprint.post("/draft/discard")
@needs(Permission.HEALTH_ADMIN)
@turning_back("health_model.index", Conflict)
def draft_discard() -> AnyResponse:
    discard_draft(db())
    flash(_("The draft is gone; the model in force stays."), "toast")
    return redirect(url_for("health_model.index"))


@blueprint.post("/activation")
@needs(Permission.HEALTH_ADMIN)
@turning_back("health_model.index", Conflict)
def activate() -> AnyResponse:
    form = ActivationForm(prefix="activate-")
    if not form.validate_on_submit():
        return make_response(_page(form), 422)
    activate_draft(db(), request.form.get("draft", ""), form.note.data or "")
    flash(_("In force from the next night on. Scores made so far keep their model."), "good")
    return redirect(url_for("health_model.index"))


def _segment() -> str:
    """Key of the segment whose weights are meant; anything unknown means all others."""
    asked = request.args.get("segment", "")
    known = {rule.key for rule in segment_rules(db())} | {OTHERS}
    return asked if asked in known else ANY


def _page(form: PageForm | None = None) -> str:
    draft, segment = find_draft(db()), _segment()
    book: HealthBook = draft or active_book(db())
    usual = WeightForm(
        formdata=None, data=form_data(book.weights_of(segment), book.bands_of(segment))
    )
    page = model_page(
        list_models(db()), draft, segment, segment_rules(db()), try_model(db(), draft or book)
    )
    return render_template(
        "health_model/index.html",
        page=page,
        form=form if isinstance(form, WeightForm) else usual,
        activation=form if isinstance(form, ActivationForm) else _activation(),
    )


def _activation() -> ActivationForm:
    return ActivationForm(formdata=None, prefix="activate-")
