from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.blueprints.catalogue import blueprint
from portal.blueprints.catalogue.forms import FeatureForm, NewFeatureForm, RuleForm
from portal.blueprints.catalogue.listing import features_address, read_question, read_text
from portal.blueprints.catalogue.words import KINDS, places
from portal.domain.errors import Conflict, Invalid
from portal.domain.event_rules import Operator, RuleText, make_rule
from portal.domain.permissions import Permission
from portal.services.catalogue.feature_changes import (
    archive_feature,
    change_feature,
    create_feature,
    move_feature,
    restore_feature,
)
from portal.services.catalogue.features import (
    SORTS,
    FeatureFacts,
    FeatureView,
    list_features,
    show_feature,
)
from portal.services.catalogue.names import Preview, count_unmapped, preview_rule
from portal.services.knowledge import list_items
from portal.usage.refold import refold_state
from portal.web.guards import db, needs
from portal.web.listing import Link, paging, sort_links
from portal.web.pages import page_number

MOST_TEXTS = 5
REFUSALS = {
    "feature-exists": _l("There is a feature of that key already."),
    "rule-taken": _l("One of these events belongs to another feature already."),
    "bad-rule": _l("This is no event name. Write it as report.shared, report.* or a [format=pdf]."),
}


@blueprint.get("/features")
@needs(Permission.USAGE_ADMIN)
def features() -> str:
    question = read_question(request.args)
    found = list_features(db(), question)
    address = partial(features_address, question)
    return render_template(
        "catalogue/features.html",
        recount=refold_state(db()),
        question=question,
        found=found,
        kinds=KINDS,
        tabs=places("features", count_unmapped(db())),
        states=[
            Link(_("In use"), address(state=""), question.state == "active"),
            Link(_("Archived"), address(state="archived"), question.state == "archived"),
        ],
        sorts=sort_links(
            SORTS,
            question.sort,
            descending=question.descending,
            usual="order",
            address=address,
        ),
        paging=paging(found, len(found.rows), address),
    )


@blueprint.get("/new-feature")
@needs(Permission.USAGE_ADMIN)
def new_feature() -> str:
    event = read_text(request.args, "event")
    form = NewFeatureForm(formdata=None, events=RuleText(event).written if event else "")
    return render_template("catalogue/new_feature.html", form=form)


@blueprint.post("/features")
@needs(Permission.USAGE_ADMIN)
def create() -> Response:
    form = NewFeatureForm()
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Conflict, Invalid):
            create_feature(db(), _facts(form, form.key.data), form.events.data or "")
            flash(_("The feature stands in the catalogue."), "good")
            return redirect(url_for("catalogue.feature", key=form.key.data))
    return make_response(render_template("catalogue/new_feature.html", form=form), 422)


@blueprint.get("/features/<path:key>")
@needs(Permission.USAGE_ADMIN)
def feature(key: str) -> str:
    found = show_feature(db(), key)
    asked = {name: read_text(request.args, name) for name in ("pattern", "member", "value")}
    typed = any(asked.values())
    asked["operator"] = read_text(request.args, "operator") or Operator.EQUALS.value
    rule, preview = RuleForm(formdata=None, data=asked), None
    if typed:
        try:
            preview = preview_rule(db(), make_rule(**_as_rule(asked)), found.line.id)
        except ValueError:
            _say_why(rule, asked["pattern"])
    return _page(found, _form(found), rule, preview)


@blueprint.post("/features/<path:key>")
@needs(Permission.USAGE_ADMIN)
def save(key: str) -> Response:
    found = show_feature(db(), key)
    form = FeatureForm()
    if not form.validate_on_submit():
        return make_response(_page(found, form, RuleForm(formdata=None)), 422)
    change_feature(db(), key, _facts(form, key))
    flash(_("The feature is kept."), "good")
    return redirect(url_for("catalogue.feature", key=key))


@blueprint.post("/features/<path:key>/archiving")
@needs(Permission.USAGE_ADMIN)
def archive(key: str) -> Response:
    archive_feature(db(), key)
    flash(_("The feature is archived. It takes part in no figure."), "good")
    return redirect(url_for("catalogue.feature", key=key))


@blueprint.post("/features/<path:key>/restoration")
@needs(Permission.USAGE_ADMIN)
def restore(key: str) -> Response:
    restore_feature(db(), key)
    flash(_("The feature is back, with all of its history."), "good")
    return redirect(url_for("catalogue.feature", key=key))


@blueprint.post("/features/<path:key>/place")
@needs(Permission.USAGE_ADMIN)
def move(key: str) -> Response:
    move_feature(db(), key, 1 if request.form.get("step") == "1" else -1)
    return redirect(url_for("catalogue.features", page=page_number(request.form)))


def _say_why(rule: RuleForm, pattern: str) -> None:
    """Beside the name, or, where that is a good one, beside the value."""
    try:
        make_rule(pattern)
    except ValueError:
        rule.pattern.errors = [str(REFUSALS["bad-rule"])]
    else:
        rule.value.errors = [_("This value does not fit the comparison.")]


def _as_rule(asked: dict[str, str]) -> dict[str, str]:
    return {"name" if one == "member" else one: text for one, text in asked.items()}


def _facts(form: Any, key: str) -> FeatureFacts:
    return FeatureFacts(
        key=key,
        name_en=form.name_en.data,
        name_zh=form.name_zh.data or "",
        module=form.module.data or "",
        core=form.core.data,
        kind=form.kind.data,
        depth_target_per_week=form.depth_target_per_week.data,
        activation=form.activation.data,
    )


def _form(found: FeatureView) -> FeatureForm:
    facts = found.line.facts
    target = facts.depth_target_per_week
    if target is not None:
        facts = replace(facts, depth_target_per_week=Decimal(f"{target.normalize():f}"))
    return FeatureForm(formdata=None, obj=facts)


def _page(
    found: FeatureView, form: FeatureForm, rule: RuleForm, preview: Preview | None = None
) -> str:
    return render_template(
        "catalogue/feature.html",
        taught=list_items(db(), feature=found.line.facts.key, limit=MOST_TEXTS),
        found=found,
        form=form,
        rule=rule,
        preview=preview,
        recount=refold_state(db()),
    )
