"""The adoption page: a champion's own account, and any account in a CSM's reach."""

from flask import Blueprint

blueprint = Blueprint("adoption", __name__, template_folder="templates")

from portal.blueprints.adoption import exports, targets, teams, usage, views, weeks  # noqa: E402, F401 # they add their views
