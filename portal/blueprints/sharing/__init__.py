"""Product's room for requests of all customers: their texts, their families, merge and split."""

from flask import Blueprint

blueprint = Blueprint("sharing", __name__, url_prefix="/triage", template_folder="templates")

from portal.blueprints.sharing import merging_views, views  # noqa: E402, F401 # they hang their pages on it
