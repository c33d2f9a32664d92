from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class Term(Base):
    """What the vendor calls a key of its own: a module of the catalogue, an industry, a region.
    An empty name is none (domain/terms.py says what stands in for it).
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    name_zh_hans: Mapped[str] = mapped_column(String(120), default="")
    name_zh_hant: Mapped[str] = mapped_column(String(120), default="")
