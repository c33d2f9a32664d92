"""What the vendor's admin teaches the search: words that mean the same, words that tell nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Each group of `synonyms` holds words or short phrases, in any language, of which each stands
    for all the others. `stop_words` are left out of questions, besides the built-in ones; of those
    the `lifted` count.

    All are applied to questions alone, so that an edit needs no text to be cut again.
    """

    synonyms: tuple[tuple[str, ...], ...] = ()
    stop_words: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()


def written(vocabulary: Vocabulary) -> bytes:
    facts = {
        "synonyms": vocabulary.synonyms,
        "stop_words": sorted(vocabulary.stop_words),
        "lifted": sorted(vocabulary.lifted),
    }
    return json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace")


def read(content: bytes) -> Vocabulary:
    """ValueError or KeyError where the content is not what `written` gave."""
    facts: Mapping[str, Any] = json.loads(content)
    groups = tuple(tuple(group) for group in facts["synonyms"])
    # An index that an earlier version wrote knows of none that were lifted.
    lifted = frozenset(facts.get("lifted", ()))
    return Vocabulary(groups, frozenset(facts["stop_words"]), lifted)
