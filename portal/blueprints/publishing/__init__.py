"""The hub for machines: robots.txt, site maps, a feed, and each text as Markdown."""

from portal.blueprints.publishing.views import blueprint

__all__ = ["blueprint"]
