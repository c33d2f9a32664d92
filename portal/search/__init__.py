"""The search engine: it knows documents and readers' audiences, and no database."""

from portal.search.documents import Document, Hit, IndexDamaged, Results, Segments
from portal.search.engine import Engine

__all__ = ["Document", "Engine", "Hit", "IndexDamaged", "Results", "Segments"]
