"""What may stand for the words of a question in texts of the other language.

Alternatives of one word are one group, of which the strongest counts, not their sum: a word with
many translations is no more important than one with a single one (Pirkola: "The Effects of Query
Structure and Dictionary Setups in Dictionary-Based Cross-Language Information Retrieval", 1998).
"""

from portal.search.query import Query
from portal.search.synonyms import Terms, everyday
from portal.search.translations import Translations

Group = dict[Terms, float]
"""The strength of each alternative of one word."""
_EVERYDAY, _MOST, _PAIR = 0.6, 24, 2


def elsewhere(query: Query, translations: Translations) -> list[Group]:
    groups: dict[str, Group] = {}
    for phrase, others in everyday().instead(query.order):
        group = groups.setdefault("".join(phrase), {})
        group.update(dict.fromkeys(map(_indexed, others), _EVERYDAY))
    for word in query.words:
        found = translations.of([word.term])
        if found:
            group = groups.setdefault(word.term, {})
            group.update({(other,): strength for other, strength in found.items()})
    return list(groups.values())[:_MOST]


def _indexed(phrase: Terms) -> Terms:
    """Any two neighbours in a Chinese text are a term of their own, which costs less to look up."""
    chinese = len(phrase) == _PAIR and not any(term.isascii() for term in phrase)
    return ("".join(phrase),) if chinese else phrase
