"""The living style guide, for the vendor's side."""

from flask import Blueprint, render_template

from portal.blueprints.design.samples import show_samples
from portal.domain.permissions import Permission
from portal.web.guards import needs

blueprint = Blueprint("design", __name__)


@blueprint.get("/design")
@needs(Permission.DESIGN_READ)
def index() -> str:
    return render_template("design/index.html", samples=show_samples())
