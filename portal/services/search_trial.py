"""What a question would find with other words taught, before they are kept."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.search import Engine, Vocabulary
from portal.services.search import Found, Question, search_knowledge
from portal.services.search_words import LIFT, STOP, check_words, vocabulary

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """The first few of each answer, and how many there are in all."""

    question: str
    now: list[Found]
    now_total: int
    then: list[Found]
    then_total: int

    @property
    def same(self) -> bool:
        return [one.line.slug for one in self.now] == [one.line.slug for one in self.then] and (
            self.now_total == self.then_total
        )


def try_words(session: Session, engine: Engine, question: str, kind: str, text: str) -> Trial:
    """As the session's reader asks. Raises Invalid for words that could not be kept."""
    words = check_words(kind, text)
    known = vocabulary(session)
    if kind == STOP:
        taught = replace(known, stop_words=known.stop_words | set(words))
    elif kind == LIFT:
        taught = replace(known, lifted=known.lifted | set(words))
    else:
        taught = replace(known, synonyms=(*known.synonyms, words))
    asked = Question(question, limit=SHOWN)
    now, then = (search_knowledge(session, engine, one) for one in _both(asked, known, taught))
    return Trial(question, now.found, now.total, then.found, then.total)


def _both(asked: Question, known: Vocabulary, taught: Vocabulary) -> tuple[Question, Question]:
    return replace(asked, vocabulary=known), replace(asked, vocabulary=taught)
