"""The search engine: it knows documents and readers' audiences, and no database."""

from portal.search.documents import Document, Hit, IndexDamaged, Results, Segments
from portal.search.engine import Engine
from portal.search.fallback import scan, spellings
from portal.search.tables import Told
from portal.search.vocabulary import Vocabulary

__all__ = [
    "Document",
    "Engine",
    "Hit",
    "IndexDamaged",
    "Results",
    "Segments",
    "Told",
    "Vocabulary",
    "scan",
    "spellings",
]
