from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.catalogue import blueprint
from portal.blueprints.catalogue.listing import names_address, read_names_question
from portal.blueprints.catalogue.words import STATES, places
from portal.domain.errors import Invalid
from portal.domain.event_rules import OTHER_NAME, make_rule
from portal.domain.permissions import Permission
from portal.services.catalogue.features import list_feature_names
from portal.services.catalogue.names import SORTS, UNMAPPED, list_event_names
from portal.services.catalogue.rules import add_rule, list_rules
from portal.usage.refold import refold_state
from portal.web.formats import num
from portal.web.guards import db, needs, scope
from portal.web.listing import Link, paging, sort_links
from portal.web.refusals import turn_back


@blueprint.get("/event-names")
@needs(Permission.USAGE_ADMIN)
def names() -> str:
    question = read_names_question(request.args)
    found = list_event_names(db(), question)
    address = partial(names_address, question)
    return render_template(
        "catalogue/names.html",
        recount=refold_state(db()),
        other_name=OTHER_NAME,
        question=question,
        found=found,
        features=list_feature_names(db(), scope().locale),
        ignoring=list_rules(db(), None) if question.state == "ignored" else [],
        tabs=places("names", found.counts[UNMAPPED]),
        states=[
            Link(
                str(label), address(state=state), state == question.state, num(found.counts[state])
            )
            for state, label in STATES.items()
        ],
        sorts=sort_links(
            SORTS,
            question.sort,
            descending=question.descending,
            usual="events",
            address=address,
        ),
        paging=paging(found, len(found.rows), address),
    )


@blueprint.get("/recount")
@needs(Permission.USAGE_ADMIN)
def recount() -> str:
    """How far history is counted by new conditions, asked for again until it is."""
    return render_template("catalogue/_recount.html", recount=refold_state(db()), asked=True)


@blueprint.post("/event-names/mapping")
@needs(Permission.USAGE_ADMIN)
def map_name() -> Response:
    """To a feature, or to none: then it is ignored."""
    name, feature = request.form.get("name", ""), request.form.get("feature", "")
    back = url_for("catalogue.names")
    if not feature:
        return turn_back(Invalid("Choose a feature.", code="no-feature"), back)
    try:
        add_rule(db(), feature, make_rule(name))
    except (ValueError, Invalid):
        return turn_back(Invalid("This is no event name.", code="bad-rule"), back)
    flash(
        _("%(name)s belongs to its feature from now on, with all of its history.", name=name),
        "good",
    )
    return redirect(back)


@blueprint.post("/event-names/ignoring")
@needs(Permission.USAGE_ADMIN)
def ignore_name() -> Response:
    name, back = request.form.get("name", ""), url_for("catalogue.names")
    try:
        add_rule(db(), None, make_rule(name))
    except (ValueError, Invalid):
        return turn_back(Invalid("This is no event name.", code="bad-rule"), back)
    flash(_("%(name)s is ignored: it counts as activity, but for no feature.", name=name), "good")
    return redirect(back)
