"""One generation of the index, opened: tables for ranking, Whoosh for phrases."""

from collections.abc import Sequence
from pathlib import Path

from portal.search import arrayfile, phrases, storage, vocabulary
from portal.search.documents import Document, IndexDamaged
from portal.search.matching import Matching
from portal.search.scorer import Scorer
from portal.search.tables import build, in_order
from portal.search.views import Views
from portal.search.vocabulary import Vocabulary

_VOCABULARY = "vocabulary.json"


def write(root: Path, documents: Sequence[Document], change_number: int, words: Vocabulary) -> None:
    """Publishes a new generation that holds exactly these documents."""
    ordered = in_order(documents)

    def fill(folder: Path) -> None:
        arrayfile.write(folder, build(ordered))
        phrases.write(folder / "phrases", ordered)
        (folder / _VOCABULARY).write_bytes(vocabulary.written(words))

    storage.publish(root, change_number, fill)


class Generation:
    """Raises IndexDamaged when opened on files that are not, byte by byte, those written."""

    def __init__(self, root: Path) -> None:
        self.pointer = storage.pointer(root)
        self._sealed = storage.read_current(root)
        self.change_number = self._sealed.change_number
        try:
            self.tables = arrayfile.read(self._sealed.folder)
            self.vocabulary = vocabulary.read((self._sealed.folder / _VOCABULARY).read_bytes())
        except (OSError, ValueError, KeyError) as problem:
            raise IndexDamaged(f"the tables can't be read: {problem!r}") from problem
        self.count = len(self.tables.names["id"])
        self.phrases = phrases.Phrases(self._sealed.folder / "phrases", self.count)
        self.views = Views(self.tables)
        self.matching = Matching(self.tables)
        self.scorer = Scorer(self.tables)

    def check(self) -> None:
        """Raises IndexDamaged if a file was replaced, cut or written to since it was opened:
        reading a mapped file that was cut would end the process.
        """
        storage.check_unchanged(self._sealed)
