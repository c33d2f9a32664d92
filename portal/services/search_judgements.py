"""What editors judge of the search's answers, and how the present answers fare against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Invalid, NotFound
from portal.domain.relevance import DEPTH, WANTED, Verdict, is_worse, ndcg
from portal.domain.search_gaps import tidy_question
from portal.models import JudgedQuestion, KnowledgeItem, SearchJudgement
from portal.search import Engine
from portal.services.audience import readable
from portal.services.audit import record
from portal.services.search import Question, search_knowledge
from portal.services.search_questions import folded_question
from portal.tenancy import scope_of

SEEN = 100
"""A text is looked for among so many."""
MOST_QUESTIONS = 2000


@dataclass(frozen=True, slots=True)
class Judged:
    """`rank` is the present place of the text in the answer, from 1; None where it is not found."""

    slug: str
    verdict: Verdict
    rank: int | None


@dataclass(frozen=True, slots=True)
class QuestionCheck:
    """`now` and `baseline` are nDCG@10."""

    key: str
    question: str
    locale: str
    baseline: float
    baseline_at: datetime
    now: float
    texts: list[Judged]

    @property
    def worse(self) -> bool:
        return is_worse(self.now, self.baseline)


@dataclass(frozen=True, slots=True)
class Opinion:
    """On the text `slug` as an answer; a verdict of None takes it back."""

    question: str
    locale: str
    slug: str
    verdict: Verdict | None


def judge(session: Session, engine: Engine, given: Opinion) -> None:
    """Keeps it. What the answer is then worth is the question's baseline. Raises Invalid."""
    slug, verdict = given.slug, given.verdict
    _hold_text(session, slug)
    judged = _judged(session, tidy_question(given.question), given.locale)
    standing = SearchJudgement.question_id == judged.id, SearchJudgement.slug == slug
    session.execute(delete(SearchJudgement).where(*standing))
    scope = scope_of(session)
    if verdict is not None:
        session.add(
            SearchJudgement(
                question_id=judged.id,
                slug=slug,
                verdict=verdict.value,
                judged_at=scope.now,
                judged_by=scope.actor or scope.origin,
            )
        )
    session.flush()
    texts = _texts(session).get(judged.id, {})
    if texts:
        judged.baseline = _quality(texts, _found(session, engine, judged.question, given.locale))
        judged.baseline_at = scope.now
    else:
        session.delete(judged)
    verdict_name = verdict.value if verdict else ""
    record(
        session, "search.judged", "knowledge", slug, question=judged.question, verdict=verdict_name
    )
    session.commit()


def verdicts_on(session: Session, question: str, locale: str) -> dict[str, Verdict]:
    """By text, of this question."""
    rows = session.execute(
        select(SearchJudgement.slug, SearchJudgement.verdict)
        .join(JudgedQuestion, JudgedQuestion.id == SearchJudgement.question_id)
        .where(JudgedQuestion.folded == folded_question(question), JudgedQuestion.locale == locale)
    )
    return {slug: Verdict(verdict) for slug, verdict in rows}


def check_all(session: Session, engine: Engine) -> Iterator[QuestionCheck]:
    """Every judged question asked again, as the vendor's people ask."""
    texts = _texts(session)
    rows = session.execute(
        select(
            JudgedQuestion.id,
            JudgedQuestion.key,
            JudgedQuestion.question,
            JudgedQuestion.locale,
            JudgedQuestion.baseline,
            JudgedQuestion.baseline_at,
        ).order_by(JudgedQuestion.locale, JudgedQuestion.folded)
    ).all()
    for number, key, question, locale, baseline, at in rows:
        found = _found(session, engine, question, locale)
        held = texts.get(number, {})
        judged = [
            Judged(slug, verdict, found.index(slug) + 1 if slug in found else None)
            for slug, verdict in sorted(held.items())
        ]
        yield QuestionCheck(key, question, locale, baseline, at, _quality(held, found), judged)


def accept_present(session: Session, engine: Engine) -> int:
    """What the answers are worth now becomes the baseline; of how many questions it changed."""
    changed = 0
    for one in list(check_all(session, engine)):
        if one.now != one.baseline:
            row = session.scalars(select(JudgedQuestion).where(JudgedQuestion.key == one.key)).one()
            row.baseline, row.baseline_at = one.now, scope_of(session).now
            changed += 1
    record(session, "search.accepted", "judged questions", "", changed=changed)
    session.commit()
    return changed


def forget_question(session: Session, key: str) -> None:
    """Raises NotFound."""
    row = session.scalars(select(JudgedQuestion).where(JudgedQuestion.key == key)).one_or_none()
    if row is None:
        raise NotFound
    record(session, "search.forgotten", "judged question", row.folded[:200], locale=row.locale)
    session.delete(row)
    session.commit()


def _judged(session: Session, question: str, locale: str) -> JudgedQuestion:
    folded = folded_question(question)
    if not folded:
        raise Invalid("Judge the answer to a question.", code="no-question")
    found = session.scalars(
        select(JudgedQuestion).where(
            JudgedQuestion.folded == folded, JudgedQuestion.locale == locale
        )
    ).one_or_none()
    if found is not None:
        return found
    if (session.scalar(select(func.count(JudgedQuestion.id))) or 0) >= MOST_QUESTIONS:
        raise Invalid("There are as many judged questions as there may be.", code="too-many")
    made = JudgedQuestion(
        key=new_key(),
        question=question,
        folded=folded,
        locale=locale,
        baseline_at=scope_of(session).now,
    )
    session.add(made)
    session.flush()
    return made


def _hold_text(session: Session, slug: str) -> None:
    wanted = select(KnowledgeItem.id).where(KnowledgeItem.slug == slug, readable(session))
    if session.scalar(wanted) is None:
        said = "Name a published text: the last part of its address."
        raise Invalid(said, code="no-such-text", fields={"slug": said})


def _texts(session: Session) -> dict[int, dict[str, Verdict]]:
    texts: dict[int, dict[str, Verdict]] = {}
    for number, slug, verdict in session.execute(
        select(SearchJudgement.question_id, SearchJudgement.slug, SearchJudgement.verdict)
    ):
        texts.setdefault(number, {})[slug] = Verdict(verdict)
    return texts


def _found(session: Session, engine: Engine, question: str, locale: str) -> list[str]:
    answer = search_knowledge(session, engine, Question(question, locale=locale, limit=SEEN))
    return [found.line.slug for found in answer.found]


def _quality(texts: dict[str, Verdict], found: list[str]) -> float:
    wanted = {slug for slug, verdict in texts.items() if verdict in WANTED}
    return round(ndcg(found[:DEPTH], wanted, set(texts) - wanted), 6)
