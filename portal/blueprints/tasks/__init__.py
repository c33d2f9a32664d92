"""Tasks of those who look after accounts: due, overdue, snoozed, done."""

from portal.blueprints.tasks.views import blueprint

__all__ = ["blueprint"]
