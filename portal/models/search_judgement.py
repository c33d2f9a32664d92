"""What editors think of the search's answers; a set that later answers are measured against."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column


class JudgedQuestion(Base):
    """A question in a language, with the quality (nDCG@10, 0 to 1) that its answer once had:
    `baseline` is what it must not fall below.
    """

    __tablename__ = "judged_question"
    __table_args__ = (UniqueConstraint("folded", "locale"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    locale: Mapped[str] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    baseline: Mapped[float] = mapped_column(default=0.0)
    baseline_at: Mapped[datetime]


class SearchJudgement(Base):
    """`verdict` on the text `slug` as an answer: good, bad, or missing (it ought to be found)."""

    __tablename__ = "search_judgement"
    __table_args__ = (UniqueConstraint("question_id", "slug"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("judged_question.id", ondelete="CASCADE"), index=True
    )
    slug: Mapped[str] = mapped_column(String(120))
    verdict: Mapped[str] = mapped_column(String(8))
    judged_at: Mapped[datetime]
    judged_by: Mapped[str] = mapped_column(String(254), default="")
