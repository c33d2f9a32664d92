"""Segments of accounts by rule: order, counts, and what fits while a rule is written."""

from portal.blueprints.segments.views import blueprint

__all__ = ["blueprint"]
