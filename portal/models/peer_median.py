from datetime import date

from sqlalchemy import BigInteger, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountOwned


class PeerMedian(AccountOwned, Base):
    """The newest median of a figure over the other accounts of the account's segment, made by a
    job so that no page ever reads across accounts. There is no row where fewer than five stand
    behind it; `others` is rounded down (domain.peers), and nothing tells who they are.
    """

    __tablename__ = "peer_median"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    metric: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date]
    median: Mapped[float] = mapped_column(Float)
    others: Mapped[int]
