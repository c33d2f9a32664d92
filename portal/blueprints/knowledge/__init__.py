"""The knowledge hub: found by search or by shelf, and read; what is public without signing in."""

from portal.blueprints.knowledge.views import blueprint
from portal.web.knowledge_words import TYPE_WORDS
from portal.web.search_sources import KindWords, name_texts

__all__ = ["blueprint"]

name_texts(
    {kind: KindWords(words.one, words.chip, words.icon) for kind, words in TYPE_WORDS.items()}
)
