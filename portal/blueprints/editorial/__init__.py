"""The newsroom: all texts by stage, reviews, revisions and languages."""

from portal.blueprints.editorial import history, languages, links, steps, views
from portal.blueprints.editorial.room import blueprint

__all__ = ["blueprint", "history", "languages", "links", "steps", "views"]
