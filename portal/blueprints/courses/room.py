from flask import Blueprint

blueprint = Blueprint(
    "courses", __name__, url_prefix="/courses/<slug>/builder", template_folder="templates"
)
STEPS = {"up": -1, "down": 1}
