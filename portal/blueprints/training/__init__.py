"""Taking courses: lessons, quiz, what one has done of them."""

from portal.blueprints.training import searching
from portal.blueprints.training.views import blueprint

__all__ = ["blueprint", "searching"]
