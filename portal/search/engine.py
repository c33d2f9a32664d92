"""The search engine as its callers see it: a pure function of the documents handed in."""

from collections.abc import Collection, Iterable
from pathlib import Path
from threading import Lock
from time import perf_counter

from portal.search import index, storage
from portal.search.answering import Asked, answered
from portal.search.bilingual import elsewhere
from portal.search.documents import MOST_HITS, Document, IndexDamaged, Results
from portal.search.facets import Filters
from portal.search.index import Generation
from portal.search.meaning import Meanings
from portal.search.revising import changes_of
from portal.search.tables import Told
from portal.search.translations import Translations
from portal.search.vocabulary import Vocabulary


class Engine:
    """Many threads and processes may search one folder while one of them rebuilds it."""

    def __init__(self, folder: Path, *, patient: bool = False) -> None:
        """A `patient` engine goes on with the generation that it has until `refresh` has opened
        the next one, so that nobody who searches waits for that.
        """
        self._folder = storage.home(folder)
        self._patient = patient
        self._open: Generation | None = None
        self._meanings = Meanings(folder)
        self._translations = Translations(folder)
        self._lock = Lock()

    @property
    def change_number(self) -> int | None:
        """What the generation in use was built from; None if there is no sound one."""
        try:
            return self._generation().change_number
        except IndexDamaged:
            return None

    @property
    def count(self) -> int:
        """Documents in the generation in use. Raises IndexDamaged."""
        return self._generation().count

    def refresh(self) -> int | None:
        """Takes the newest generation into use; its `change_number`."""
        try:
            return self._newest().change_number
        except IndexDamaged:
            return None

    def rebuild(
        self,
        documents: Iterable[Document],
        change_number: int,
        vocabulary: Vocabulary = Vocabulary(),  # noqa: B008 - frozen
        *,
        told: Told | None = None,
    ) -> None:
        """Replaces the index by exactly these documents, asked in these words. OSError (a full
        disk, say) leaves the old one serving; ValueError if two documents have one id. `told`
        hears which share is done.
        """
        index.write(self._folder, list(documents), change_number, vocabulary, told)
        self._newest()

    def revise(
        self,
        documents: Iterable[Document],
        items: Collection[str],
        change_number: int,
        vocabulary: Vocabulary = Vocabulary(),  # noqa: B008 - frozen
    ) -> None:
        """The index with all of `items` taken out and `documents` (whole items) put in: byte for
        byte what `rebuild` would make, for the price of a copy. Raises IndexDamaged where there is
        no sound index to begin with.
        """
        base = self._newest()
        base.revise(self._folder, list(documents), items, change_number, vocabulary)
        self._newest()

    def changes(self) -> dict[str, int]:
        """The change number that each item is held as of. Raises IndexDamaged."""
        return changes_of(self._newest().tables)

    def learn(self, seconds: float = 3600.0) -> int:
        """Which words stand for one another in two languages; then what the texts mean where that
        is not known yet, a tenth of a second for each passage, and stops after so many seconds;
        how many passages are left. Raises IndexDamaged.
        """
        tables = self._newest().tables
        self._translations.learn(tables)
        return self._meanings.learn(tables, seconds)

    def unlearnt(self) -> int:
        """Passages whose meaning this machine could learn and has not. Raises IndexDamaged."""
        return self._meanings.unlearnt(self._newest().tables)

    def search(
        self,
        text: str,
        *,
        locale: str,
        audiences: frozenset[str],
        types: Collection[str] | None = None,
        features: Collection[str] | None = None,
        locales: Collection[str] | None = None,
        limit: int = 20,
        offset: int = 0,
        withdrawn: frozenset[str] = frozenset(),
        as_you_type: bool = False,
        by_meaning: bool = False,
        vocabulary: Vocabulary | None = None,
    ) -> Results:
        """What a reader who carries `audiences` finds. `withdrawn` holds ids of documents or of
        whole items (with those named "item/part") that must not appear, at once, whatever the
        index says. `as_you_type` takes the
        last word for a beginning even if it is a word, and looks into the other language only for
        a question whose words are mostly unknown. `by_meaning` compares what was learnt of
        the texts too, which takes 20 ms, unless a phrase is quoted. `vocabulary` is tried in place
        of the index's own. Raises IndexDamaged: then answer by `scan`.
        """
        began = perf_counter()
        generation = self._generation()
        matching, stop_words = generation.taught(vocabulary)
        view = generation.views.of(audiences, withdrawn)
        query = matching.read(text, stop_words, view)
        meant = by_meaning and not query.phrases
        across = meant or (as_you_type and matching.is_strange(query, view))
        sought = matching.seek(
            query,
            view,
            as_you_type=as_you_type,
            chinese=locale.startswith("zh"),
            elsewhere=elsewhere(query, self._translations) if across else (),
        )
        near = self._meanings.near(query.text, generation.tables, view.mask) if meant else None
        asked = Asked(generation, view, locale, query, sought, near)
        filters = Filters(types, features, locales)
        return answered(asked, filters, max(0, offset), min(max(0, limit), MOST_HITS), began)

    def _generation(self) -> Generation:
        """The one to answer by."""
        opened = self._open
        if self._patient and opened is not None and opened.superseded_and_sound():
            return opened
        return self._newest()

    def _newest(self) -> Generation:
        """The current generation, sound; opened again when the pointer moved.

        Another process may sweep away the one being opened, so a failure counts only if the
        pointer stood still meanwhile.
        """
        while True:
            before = storage.pointer(self._folder)
            try:
                generation = self._opened(before)
                generation.check()
            except IndexDamaged:
                self._open = None
                if storage.pointer(self._folder) == before:
                    raise
            else:
                return generation

    def _opened(self, pointer: storage.Print) -> Generation:
        opened = self._open
        if opened is None or opened.pointer != pointer:
            with self._lock:
                opened = self._open
                if opened is None or opened.pointer != pointer:
                    opened = self._open = Generation(self._folder)
        return opened
