"""What the reader is told: the bell, how they want to be told, and the way out of mails."""

from portal.blueprints.notices.views import blueprint

__all__ = ["blueprint"]
