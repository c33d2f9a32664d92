"""The vendor's desk of requests: the queue as list and board, and one request in hand."""

from flask import Blueprint

blueprint = Blueprint("triage", __name__, url_prefix="/triage", template_folder="templates")

from portal.blueprints.triage import (  # noqa: E402 # they add their views
    behalf_views,  # noqa: F401 # as above
    bulk_views,  # noqa: F401 # as above
    queue_views,  # noqa: F401 # as above
    show_views,  # noqa: F401 # as above
    tracking_views,  # noqa: F401 # as above
)
