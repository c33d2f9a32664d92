"""Who of an account is how far with which course, and who is asked to take one."""

from portal.blueprints.team_training.views import blueprint

__all__ = ["blueprint"]
