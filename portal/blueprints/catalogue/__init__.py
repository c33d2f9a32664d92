"""The feature catalogue, as an administrator keeps it: features, event names, editions."""

from flask import Blueprint

blueprint = Blueprint("catalogue", __name__, url_prefix="/admin", template_folder="templates")

from portal.blueprints.catalogue import (  # noqa: E402 # they add their views
    editions,  # noqa: F401 # as above
    features,  # noqa: F401 # as above
    files,  # noqa: F401 # as above
    names,  # noqa: F401 # as above
    rules,  # noqa: F401 # as above
    searching,  # noqa: F401 # as above
    terms,  # noqa: F401 # as above
)
