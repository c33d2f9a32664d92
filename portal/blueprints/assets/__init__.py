"""All style sheets in one answer, so that a page waits for one file instead of fifty."""

from portal.blueprints.assets.views import blueprint

__all__ = ["blueprint"]
