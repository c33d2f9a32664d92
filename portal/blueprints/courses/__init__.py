"""Building courses: lessons, quiz, rules, for those who write texts."""

from portal.blueprints.courses.views import blueprint

__all__ = ["blueprint"]
