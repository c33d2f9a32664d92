"""Pictures in texts: sent by writers, seen by those who may read a text that shows them."""

from portal.blueprints.knowledge_files.views import blueprint

__all__ = ["blueprint"]
