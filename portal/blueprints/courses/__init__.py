"""Building courses: lessons, quiz, rules, for those who write texts."""

from portal.blueprints.courses import lessons, views
from portal.blueprints.courses.room import blueprint

__all__ = ["blueprint", "lessons", "views"]
