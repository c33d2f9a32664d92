"""What the administrator looks after: keys, mails, jobs, the audit log, what arrives."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")

# They add their views to the blueprint above.
from portal.blueprints.admin import events, keys, logs, mails, vendor  # noqa: E402, F401
