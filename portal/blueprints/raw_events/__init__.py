"""What is kept of raw events, and figures made of them again."""

from portal.blueprints.raw_events.views import blueprint

__all__ = ["blueprint"]
