"""One click in a mail: does the release work?"""

from portal.blueprints.confirming.views import blueprint

__all__ = ["blueprint"]
