"""An account's health score, taken apart; its override; what became of its contracts."""

from portal.blueprints.health.views import blueprint

__all__ = ["blueprint"]
