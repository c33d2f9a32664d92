"""What the platform asks: alive, ready, measured."""

from portal.blueprints.operations.views import blueprint

__all__ = ["blueprint"]
