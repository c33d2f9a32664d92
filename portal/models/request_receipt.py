from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.tenancy import AccountOwned


class RequestReceipt(AccountOwned, Base):
    """A machine's own number of a request or message that it has sent, which so counts once.

    `side`: "vendor" or "customer", whose machine it is: neither meets the other's numbers. `about`:
    the key of the request that a message is about, empty for a request. `object_key`: what it
    became.
    """

    __tablename__ = "request_receipt"
    __table_args__ = (
        UniqueConstraint(
            "account_id", "side", "about", "external_id", name="uq_request_receipt_external_id"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    side: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(32), default="")
    external_id: Mapped[str] = mapped_column(String(200))
    object_key: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[datetime]
