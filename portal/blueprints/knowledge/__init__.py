"""The knowledge hub: found by search or by shelf, and read; what is public without signing in."""

from portal.blueprints.knowledge.views import blueprint

__all__ = ["blueprint"]
