"""Who may enter for an account, and who is invited."""

from portal.blueprints.people.views import blueprint

__all__ = ["blueprint"]
