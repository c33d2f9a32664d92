"""Everybody who may sign in, for the administrator."""

from portal.blueprints.admin_users.views import blueprint

__all__ = ["blueprint"]
