"""The vendor's health model: its weights, a trial of a draft, and its test on the past."""

from flask import Blueprint

blueprint = Blueprint(
    "health_model", __name__, url_prefix="/admin/health-model", template_folder="templates"
)

# They add their views to the blueprint above.
from portal.blueprints.health_model import back_test, views  # noqa: E402, F401
