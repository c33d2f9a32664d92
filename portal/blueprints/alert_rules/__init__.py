"""The rules of the early warning: switches, thresholds, and what they would have raised."""

from portal.blueprints.alert_rules.views import blueprint

__all__ = ["blueprint"]
