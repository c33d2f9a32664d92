"""A customer's requests: the company's list, one with its way, and what its people do with it."""

from flask import Blueprint

blueprint = Blueprint("requests", __name__, url_prefix="/requests", template_folder="templates")

from portal.blueprints.requests import (  # noqa: E402 # they add their views
    acts,  # noqa: F401 # as above
    searching,  # noqa: F401 # as above
    similar,  # noqa: F401 # as above
    telling,  # noqa: F401 # as above
    views,  # noqa: F401 # as above
)
