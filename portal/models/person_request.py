from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class PersonRequest(AccountOwned, Base):
    """Somebody asked for all that is kept of a person ("export"), or to have it erased ("erase").
    `external_id` is the person's; of one who was erased, what stands instead. `run_id` is the
    erasure in `usage_run`. `body` is the file (gzip) until it is thrown away; `failed` says why
    there is none: "gone".
    """

    __tablename__ = "person_request"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    kind: Mapped[str] = mapped_column(String(8))
    external_id: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    run_id: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    failed: Mapped[str] = mapped_column(String(20), default="")
