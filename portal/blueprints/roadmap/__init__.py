"""What all customers may read of requests: the roadmap, one shared request, what is new."""

from portal.blueprints.roadmap import feed_views, searching
from portal.blueprints.roadmap.views import blueprint

__all__ = ["blueprint", "feed_views", "searching"]
