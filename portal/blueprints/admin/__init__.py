"""What the administrator looks after: keys, mails, jobs, the audit log, what arrives."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")

from portal.blueprints.admin import keys, logs, mails  # noqa: E402, F401 # they add their views
