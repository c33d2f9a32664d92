"""What the vendor settles for the closed loop: service levels, replies, words for states."""

from flask import Blueprint

blueprint = Blueprint(
    "loop_settings", __name__, url_prefix="/settings", template_folder="templates"
)

# They add their views to the blueprint above.
from portal.blueprints.loop_settings import levels, words  # noqa: E402, F401
