"""Synonyms and stop words of the search. Indexes follow an edit as they follow a changed text: the
change number rises, and the words are carried over to the index without cutting any text again.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.models import SearchWord
from portal.search import Vocabulary
from portal.search.folding import fold, normalise
from portal.search.stopwords import STOPWORDS
from portal.services.audit import record
from portal.services.imports import ImportRefused, RowError
from portal.services.jobs import enqueue
from portal.services.knowledge_texts import REINDEX, raise_change
from portal.tenancy import scope_of

SYNONYM, STOP, LIFT = "synonym", "stop", "lift"
LONGEST_WORD, MOST_IN_GROUP, MOST_GROUPS = 60, 12, 2000
KINDS = (SYNONYM, STOP, LIFT)
COLUMNS = ("kind", "words")
_SEPARATORS = ";；,，、\n"


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words that mean the same, or one that tells nothing, or a built-in one that does tell."""

    key: str
    kind: str
    words: tuple[str, ...]
    created_at: datetime
    created_by: str


def list_words(session: Session) -> list[WordGroup]:
    """The newest first."""
    rows = session.execute(
        select(
            SearchWord.key,
            SearchWord.kind,
            SearchWord.words,
            SearchWord.created_at,
            SearchWord.created_by,
        ).order_by(SearchWord.id.desc())
    )
    return [WordGroup(key, kind, tuple(words), at, by) for key, kind, words, at, by in rows]


def vocabulary(session: Session) -> Vocabulary:
    """All of it, as an index takes it."""
    rows = session.execute(select(SearchWord.kind, SearchWord.words).order_by(SearchWord.id)).all()
    single = {
        which: frozenset(word for kind, words in rows if kind == which for word in words)
        for which in (STOP, LIFT)
    }
    return Vocabulary(
        synonyms=tuple(tuple(words) for kind, words in rows if kind == SYNONYM),
        stop_words=single[STOP],
        lifted=single[LIFT],
    )


def built_in_stop_words(session: Session) -> dict[str, list[str]]:
    """Those that still stand, by language (en, zh)."""
    lifted = {fold(word) for word in vocabulary(session).lifted}
    found: dict[str, list[str]] = {"en": [], "zh": []}
    for word in sorted(STOPWORDS - lifted):
        found["en" if word.isascii() else "zh"].append(word)
    return found


def split_words(text: str) -> tuple[str, ...]:
    """What was typed, between commas or semicolons; the first spelling of the same word stays."""
    for separator in _SEPARATORS:
        text = text.replace(separator, ";")
    found: dict[str, str] = {}
    for part in text.split(";"):
        word = " ".join(normalise(part).split())
        if word:
            found.setdefault(fold(word), word)
    return tuple(found.values())


def check_words(kind: str, text: str) -> tuple[str, ...]:
    """The words as they would be kept. Raises Invalid."""
    return _checked(kind, split_words(text))


def add_words(session: Session, kind: str, text: str) -> str:
    """The key of the new group. Raises Invalid, and Conflict where it stands already."""
    words = check_words(kind, text)
    if _folded(words) in _standing(session, kind):
        raise Conflict("These words stand here already.", code="words-stand", fields={"words": ""})
    group = _group(session, kind, words)
    session.add(group)
    _changed(session, "search-words.add", group.key, kind=kind, words=list(words))
    return group.key


def remove_words(session: Session, key: str) -> WordGroup:
    """What was removed, so that it can be put back. Raises NotFound."""
    group = session.scalars(select(SearchWord).where(SearchWord.key == key)).one_or_none()
    if group is None:
        raise NotFound
    gone = WordGroup(key, group.kind, tuple(group.words), group.created_at, group.created_by)
    session.execute(delete(SearchWord).where(SearchWord.id == group.id))
    _changed(session, "search-words.remove", key, kind=gone.kind, words=list(gone.words))
    return gone


def export_words(groups: Iterable[WordGroup]) -> list[tuple[str, str]]:
    """Rows of the file that `import_words` reads."""
    return [(group.kind, "; ".join(group.words)) for group in groups]


def import_words(session: Session, content: bytes) -> tuple[int, int]:
    """How many groups are new, and how many stood here already. All or nothing: raises
    ImportRefused with the number of each wrong row.
    """
    rows, errors = _read(content)
    if errors:
        raise ImportRefused(errors)
    standing = {kind: _standing(session, kind) for kind in KINDS}
    new = 0
    for kind, words in rows:
        if _folded(words) not in standing[kind]:
            standing[kind].add(_folded(words))
            session.add(_group(session, kind, words))
            new += 1
    if new:
        _changed(session, "search-words.import", "", new=new)
    return new, len(rows) - new


def _read(content: bytes) -> tuple[list[tuple[str, tuple[str, ...]]], list[RowError]]:
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return [], [RowError(1, "", "is not a CSV file in UTF-8")]
    if not lines or tuple(cell.strip().lower() for cell in lines[0][:2]) != COLUMNS:
        return [], [RowError(1, "", "must name the columns kind and words")]
    rows, errors = [], []
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line):
            kind, text = (*line, "", "")[:2]
            try:
                rows.append((kind.strip(), _checked(kind.strip(), split_words(text.lstrip("'")))))
            except Invalid as wrong:
                errors.append(RowError(number, next(iter(wrong.fields)), wrong.message))
    if len(rows) > MOST_GROUPS:
        errors.append(RowError(MOST_GROUPS + 2, "", f"is more than {MOST_GROUPS} groups"))
    return rows, errors


def _checked(kind: str, words: tuple[str, ...]) -> tuple[str, ...]:
    said, code, field = "", "bad-words", "words"
    if kind not in KINDS:
        said, code, field = "Use synonym, stop or lift.", "bad-kind", "kind"
    elif any(len(word) > LONGEST_WORD for word in words):
        said = f"Keep each word under {LONGEST_WORD} characters."
    elif kind != SYNONYM and len(words) != 1:
        said, code = "Give one word.", "one-word"
    elif kind == LIFT and fold(words[0]) not in STOPWORDS:
        said, code = "Name a built-in word.", "not-built-in"
    elif kind == SYNONYM and not 2 <= len(words) <= MOST_IN_GROUP:  # noqa: PLR2004 - of one word there is no synonym
        said, code = f"Give 2 to {MOST_IN_GROUP} words, with commas between them.", "few-words"
    if said:
        raise Invalid(said, code=code, fields={field: said})
    return words


def _folded(words: Sequence[str]) -> str:
    return "\n".join(sorted(map(fold, words)))


def _standing(session: Session, kind: str) -> set[str]:
    return set(session.scalars(select(SearchWord.folded).where(SearchWord.kind == kind)))


def _group(session: Session, kind: str, words: Sequence[str]) -> SearchWord:
    if (session.scalar(select(func.count(SearchWord.id))) or 0) >= MOST_GROUPS:
        raise Invalid(f"There are {MOST_GROUPS} groups already.", code="too-many-words")
    scope = scope_of(session)
    return SearchWord(
        key=new_key(),
        kind=kind,
        words=list(words),
        folded=_folded(words),
        created_at=scope.now,
        created_by=scope.actor or scope.origin,
    )


def _changed(session: Session, action: str, key: str, **details: Any) -> None:
    record(session, action, "search words", key, **details)
    raise_change(session)
    enqueue(session, REINDEX, {}, unique_key=REINDEX)
    session.commit()
