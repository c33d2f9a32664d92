"""All style sheets in one answer, all scripts in another: a page waits for two files, not sixty."""

from portal.blueprints.assets.views import blueprint

__all__ = ["blueprint"]
