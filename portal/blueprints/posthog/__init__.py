"""PostHog's addresses: events in, and answers to what its clients ask before they begin."""

from portal.blueprints.posthog.views import blueprint

__all__ = ["blueprint"]
