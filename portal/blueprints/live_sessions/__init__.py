"""Live training sessions: planned by the vendor, attended by people of an account."""

from portal.blueprints.live_sessions import searching
from portal.blueprints.live_sessions.views import blueprint

__all__ = ["blueprint", "searching"]
