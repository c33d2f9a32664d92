"""The first page: one for each role, with what that role can do today."""

from portal.blueprints.home.views import blueprint

__all__ = ["blueprint"]
