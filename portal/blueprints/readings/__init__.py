"""What readers make of the hub: a text read, whether it helped, and what that adds up to."""

from portal.blueprints.readings.views import blueprint

__all__ = ["blueprint"]
