"""Canned replies, as product keeps them."""

from portal.blueprints.replies.views import blueprint

__all__ = ["blueprint"]
