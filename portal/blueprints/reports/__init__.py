"""Value reports: drafted, worded and published by the vendor; read and kept by the customer."""

from portal.blueprints.reports import searching
from portal.blueprints.reports.views import blueprint

__all__ = ["blueprint", "searching"]
