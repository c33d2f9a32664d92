"""Files of requests: sent before the form they belong to, fetched on a path without cookies."""

from portal.blueprints.request_files.views import blueprint

__all__ = ["blueprint"]
