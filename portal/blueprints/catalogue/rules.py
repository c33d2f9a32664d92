from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.catalogue import blueprint
from portal.blueprints.catalogue.forms import RuleForm
from portal.domain.errors import Invalid
from portal.domain.event_rules import Operator, make_rule
from portal.domain.permissions import Permission
from portal.services.catalogue.rules import add_rule, remove_rule
from portal.web.guards import db, needs
from portal.web.refusals import turn_back

NO_RULE = "This is no event name. Write it as report.shared or report.*"


@blueprint.post("/features/<path:key>/rules")
@needs(Permission.USAGE_ADMIN)
def rule_add(key: str) -> Response:
    form, back = RuleForm(), url_for("catalogue.feature", key=key, _anchor="events")
    try:
        text = make_rule(
            form.pattern.data or "",
            form.member.data or "",
            form.value.data or "",
            form.operator.data or Operator.EQUALS,
        )
    except ValueError:
        return turn_back(Invalid(NO_RULE, code="bad-rule"), back)
    try:
        add_rule(db(), key, text)
    except Invalid as refusal:
        return turn_back(refusal, back)
    said = (
        _("The rule is kept. History is being counted by it; until then figures stay.")
        if text.conditioned
        else _("The rule counts at once, for all of history.")
    )
    flash(said, "good")
    return redirect(back)


@blueprint.post("/event-rules/<rule>/removal")
@needs(Permission.USAGE_ADMIN)
def rule_remove(rule: str) -> Response:
    text = remove_rule(db(), rule)
    flash(
        _("The rule %(rule)s is gone. Its events belong where other rules say.", rule=text), "good"
    )
    key = request.form.get("feature")
    if key:
        return redirect(url_for("catalogue.feature", key=key, _anchor="events"))
    return redirect(url_for("catalogue.names", state="ignored"))
