"""Building courses: lessons, quiz, rules, for those who write texts."""

from portal.blueprints.courses import history, lessons, views
from portal.blueprints.courses.room import blueprint

__all__ = ["blueprint", "history", "lessons", "views"]
