"""Alerts of the early warning: what the rules raised, with its evidence, and what to do."""

from portal.blueprints.alerts.views import blueprint

__all__ = ["blueprint"]
