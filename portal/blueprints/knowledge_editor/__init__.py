"""Where texts of the hub are written: begun, edited with a preview, saved by several people."""

from portal.blueprints.knowledge_editor.views import blueprint

__all__ = ["blueprint"]
