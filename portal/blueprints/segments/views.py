from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.blueprints.segments.forms import NewSegmentForm, SegmentForm
from portal.blueprints.segments.words import fit_part, groups, line_of, name_of
from portal.domain.errors import Conflict
from portal.domain.permissions import Permission
from portal.domain.segments import SegmentRule
from portal.services.segment_rules import (
    PARTS,
    SegmentText,
    change_segment,
    create_segment,
    delete_segment,
    find_segment,
    fitting,
    list_segments,
    move_segment,
    trait_choices,
)
from portal.web.guards import db, needs
from portal.web.refusals import turning_back

blueprint = Blueprint(
    "segments", __name__, url_prefix="/admin/segments", template_folder="templates"
)
REFUSALS = {
    "no-trait": _l("Choose at least one: else every account would fit."),
    "unknown-trait": _l("Choose from what accounts have."),
    "too-many-segments": _l("There are as many segments as there may be."),
}
Parts = dict[str, list[str]]


@blueprint.get("")
@needs(Permission.SEGMENT_ADMIN)
def index() -> str:
    found = list_segments(db())
    lines = [line_of(one) for one in found.lines]
    return render_template("segments/index.html", found=found, lines=lines)


@blueprint.get("/new")
@needs(Permission.SEGMENT_ADMIN)
def new() -> str:
    return _page(None, NewSegmentForm(formdata=None), _parts(None))


@blueprint.post("")
@needs(Permission.SEGMENT_ADMIN)
def create() -> Response:
    form, parts = NewSegmentForm(), _sent()
    if form.validate_on_submit():
        with form.refusing(REFUSALS):
            create_segment(db(), _text(form, parts))
            flash(_("The segment is kept. Alerts and scores follow in the next night."), "good")
            return redirect(url_for("segments.index"))
    return make_response(_page(None, form, parts), 422)


@blueprint.get("/<key>")
@needs(Permission.SEGMENT_ADMIN)
def show(key: str) -> str:
    rule = find_segment(db(), key)
    return _page(rule, SegmentForm(formdata=None, obj=rule), _parts(rule))


@blueprint.post("/<key>")
@needs(Permission.SEGMENT_ADMIN)
def save(key: str) -> Response:
    rule, form, parts = find_segment(db(), key), SegmentForm(), _sent()
    if form.validate_on_submit():
        with form.refusing(REFUSALS):
            change_segment(db(), key, _text(form, parts))
            flash(_("The segment is kept. Alerts and scores follow in the next night."), "good")
            return redirect(url_for("segments.index"))
    return make_response(_page(rule, form, parts), 422)


@blueprint.get("/fit")
@needs(Permission.SEGMENT_ADMIN)
def fit() -> str:
    """Which accounts fit what is chosen, as a fragment while it is being chosen."""
    parts = {part: request.args.getlist(part) for part in PARTS}
    found = fit_part(fitting(db(), parts, request.args.get("key", "")))
    return render_template("segments/_fit.html", fit=found)


@blueprint.post("/trial")
@needs(Permission.SEGMENT_ADMIN)
def trial() -> str:
    """The same without script: the page as it was filled in, nothing kept."""
    key = request.args.get("key", "")
    return _page(find_segment(db(), key) if key else None, SegmentForm(), _sent())


@blueprint.post("/<key>/place")
@needs(Permission.SEGMENT_ADMIN)
def move(key: str) -> Response:
    move_segment(db(), key, up=request.form.get("way") == "up")
    return redirect(url_for("segments.index"))


@blueprint.post("/<key>/deletion")
@needs(Permission.SEGMENT_ADMIN)
@turning_back("segments.show", Conflict)
def delete(key: str) -> Response:
    delete_segment(db(), key)
    flash(_("The segment is deleted. Its accounts are in the next one that they fit."), "good")
    return redirect(url_for("segments.index"))


def _sent() -> Parts:
    return {part: request.form.getlist(part) for part in PARTS}


def _parts(rule: SegmentRule | None) -> Parts:
    return {part: list(getattr(rule, part, ())) for part in PARTS}


def _text(form: SegmentForm, parts: Parts) -> SegmentText:
    return SegmentText(form.name_en.data.strip(), (form.name_zh.data or "").strip(), parts)


def _page(rule: SegmentRule | None, form: SegmentForm, parts: Parts) -> str:
    return render_template(
        "segments/segment.html",
        segment=rule,
        called=name_of(rule) if rule else _("New segment"),
        form=form,
        groups=groups(trait_choices(db(), rule), parts),
        fit=fit_part(fitting(db(), parts, rule.key if rule else "")),
    )
