"""Search: the panel that opens on every page, the page of results, and what is taught to it."""

from flask import Blueprint

blueprint = Blueprint("search", __name__, template_folder="templates")

from portal.blueprints.search import (  # noqa: E402 # they add their views
    gaps,  # noqa: F401 # as above
    help_page,  # noqa: F401 # as above
    judgements,  # noqa: F401 # as above
    views,  # noqa: F401 # as above
    words,  # noqa: F401 # as above
)
