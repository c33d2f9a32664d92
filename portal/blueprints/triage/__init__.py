"""The vendor's desk of requests: the queue as list and board, and one request in hand."""

from flask import Blueprint

blueprint = Blueprint("triage", __name__, url_prefix="/triage", template_folder="templates")

from portal.blueprints.triage import queue_views, show_views  # noqa: E402, F401 # they hang on it
