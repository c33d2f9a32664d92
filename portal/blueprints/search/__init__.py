"""Search: the panel that opens on every page, the page of results, and what is taught to it."""

from portal.blueprints.search.views import blueprint

__all__ = ["blueprint"]
