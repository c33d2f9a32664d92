"""One generation of the index, opened."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from portal.search import arrayfile, storage, vocabulary
from portal.search.documents import Document, IndexDamaged
from portal.search.folding import fold, normalise
from portal.search.matching import Matching
from portal.search.phrases import Phrases
from portal.search.places import Places
from portal.search.revising import Revision
from portal.search.rows import Rows
from portal.search.scorer import Scorer
from portal.search.stopwords import StopWords
from portal.search.synonyms import synonyms_of
from portal.search.tables import Tables, Told, build, in_order
from portal.search.views import Views
from portal.search.vocabulary import Vocabulary

_VOCABULARY = "vocabulary.json"


def write(
    root: Path,
    documents: Sequence[Document],
    change_number: int,
    words: Vocabulary,
    told: Told | None = None,
) -> None:
    """Publishes a new generation that holds exactly these documents."""
    ordered = in_order(documents)
    _publish(root, lambda: build(ordered, told), change_number, words, lasting=True)


def _publish(
    root: Path,
    make: Callable[[], Tables | Revision],
    change_number: int,
    words: Vocabulary,
    *,
    lasting: bool,
) -> None:
    def fill(folder: Path) -> None:
        arrayfile.write(folder, make())
        (folder / _VOCABULARY).write_bytes(vocabulary.written(words))

    storage.publish(root, change_number, fill, lasting=lasting)


class Generation:
    """Raises IndexDamaged when opened on files that are not, byte by byte, those written."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.pointer = storage.pointer(root)
        self._use = storage.Use(root)
        self._sealed = storage.read_current(root)
        self.change_number = self._sealed.change_number
        try:
            self.tables = arrayfile.read(self._sealed.folder)
            self.vocabulary = vocabulary.read((self._sealed.folder / _VOCABULARY).read_bytes())
        except (OSError, ValueError, KeyError) as problem:
            raise IndexDamaged(f"the tables can't be read: {problem!r}") from problem
        self.stop_words = _stop_words(self.vocabulary)
        self.count = len(self.tables.names["id"])
        self.phrases = Phrases(self.tables)
        self.views = Views(self.tables)
        places = Places(self.tables)
        self.rows = Rows(self.tables, places)
        self.matching = Matching(self.tables, self.rows, synonyms_of(self.vocabulary.synonyms))
        self.scorer = Scorer(self.tables, places, self.rows)

    def taught(self, words: Vocabulary | None) -> tuple[Matching, StopWords]:
        """How questions are understood: by its own words, or by others that are tried."""
        if words is None:
            return self.matching, self.stop_words
        return self.matching.taught(synonyms_of(words.synonyms)), _stop_words(words)

    def revise(
        self,
        root: Path,
        documents: Sequence[Document],
        items: Collection[str],
        change_number: int,
        words: Vocabulary,
    ) -> None:
        """Publishes the next generation: this one without `items`, and with these documents."""
        fresh = build(in_order(documents))
        made = Revision(self.tables, fresh, items)
        _publish(root, lambda: made, change_number, words, lasting=False)

    def superseded_and_sound(self) -> bool:
        """Whether there is a newer one, and this one can still be read."""
        if storage.pointer(self._root) == self.pointer:
            return False
        return storage.is_unchanged_or_gone(self._sealed)

    def check(self) -> None:
        """Raises IndexDamaged if a file was replaced, cut or written to since it was opened:
        reading a mapped file that was cut would end the process.
        """
        storage.check_unchanged(self._sealed)


def _stop_words(words: Vocabulary) -> StopWords:
    return StopWords.of(_folded(words.stop_words), _folded(words.lifted))


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(normalise(one)) for one in words)
