"""The words of requests, as the search cuts them: what similar ones are found by."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.models import Request, RequestWord, SharedRequestWord
from portal.search.analysis import Kind, tokens
from portal.search.folding import fold, normalise
from portal.search.stopwords import STOPWORDS

LONGEST_TEXT = 4000
LONGEST_WORD = 60
MOST_WORDS = 120
_TELLING = frozenset({Kind.PART, Kind.WHOLE, Kind.HAN_WORD})


def words_of(text: str) -> dict[str, int]:
    """Each telling word and how often it stands there, of texts in any language; the most frequent
    where there are many.
    """
    found = Counter(
        token.term[:LONGEST_WORD]
        for token in tokens(normalise(text[:LONGEST_TEXT]))
        if token.kind in _TELLING and token.word not in STOPWORDS and token.term not in STOPWORDS
    )
    return dict(found.most_common(MOST_WORDS))


def searched(title: str, told: Mapping[str, str]) -> str:
    """All that a request says as it is looked through, part of a word or not (Request.text)."""
    return fold(normalise("\n".join([title, *told.values()])))


def keep_words(session: Session, request: Request) -> None:
    """In the caller's transaction, in place of those kept before."""
    session.flush()
    session.execute(delete(RequestWord).where(RequestWord.request_id == request.id))
    session.add_all(
        RequestWord(account_id=request.account_id, request_id=request.id, word=word, count=count)
        for word, count in words_of(request.text).items()
    )


def keep_shared_words(session: Session, shared_id: int, texts: Iterable[str]) -> None:
    """Of all its languages together; in the caller's transaction, in place of those before."""
    session.flush()
    session.execute(delete(SharedRequestWord).where(SharedRequestWord.shared_id == shared_id))
    session.add_all(
        SharedRequestWord(shared_id=shared_id, word=word, count=count)
        for word, count in words_of("\n".join(texts)).items()
    )
