"""The adoption page: a champion's own account, and any account in a CSM's reach."""

from flask import Blueprint

blueprint = Blueprint("adoption", __name__, template_folder="templates")

from portal.blueprints.adoption import (  # noqa: E402 # they add their views
    exports,  # noqa: F401 # as above
    steps,  # noqa: F401 # as above
    targets,  # noqa: F401 # as above
    teams,  # noqa: F401 # as above
    usage,  # noqa: F401 # as above
    views,  # noqa: F401 # as above
    weeks,  # noqa: F401 # as above
)
