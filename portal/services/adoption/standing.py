"""Whether an account's figures are still what they were, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, literal, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.peers import PeerRow
from portal.models import Account, PeerMedian, VolumeSeries
from portal.services.accounts import AccountHead
from portal.services.adoption.window import last_full_day
from portal.tenancy import scope_of
from portal.usage.queries import ACCOUNT_COLUMNS, ZERO, AccountRow, catalogue_version, join_usage

_SERIES = select(func.count(VolumeSeries.id)).where(VolumeSeries.account_id == Account.id)
# All in one value: the page has them in the statement that it begins with, and in its tag.
_PEERS = select(
    func.aggregate_strings(
        PeerMedian.metric
        + literal("|")
        + cast(PeerMedian.day, String)
        + literal("|")
        + cast(PeerMedian.median, String)
        + literal("|")
        + cast(PeerMedian.others, String),
        ";",
    )
).where(PeerMedian.account_id == Account.id)
_REVISIONS = select(func.coalesce(func.sum(VolumeSeries.revision), ZERO)).where(
    VolumeSeries.account_id == Account.id
)
# Built once: every page of an account begins with it.
_STANDING = join_usage(
    select(
        *ACCOUNT_COLUMNS,
        Account.go_live,
        Account.edition_id,
        _SERIES.correlate(Account).scalar_subquery(),
        _REVISIONS.correlate(Account).scalar_subquery(),
        func.coalesce(catalogue_version(), ZERO),
        _PEERS.correlate(Account).scalar_subquery(),
    )
).where(Account.key == bindparam("account_key"))


@dataclass(frozen=True, slots=True)
class Standing:
    """All that an account's figures follow from: equal ones on the same day lead to equal figures.
    `volumes`: how many series of business volume there are, and the sum of their revisions.
    `peers`: those that enough others stand behind.
    """

    account: AccountRow
    go_live: date | None
    edition: int | None
    volumes: tuple[int, int]
    catalogue_version: int
    newest: date
    peers: tuple[PeerRow, ...]

    @property
    def head(self) -> AccountHead:
        account = self.account
        return AccountHead(account.key, account.name, account.time_zone, account.people_shown)

    @property
    def facts(self) -> tuple[object, ...]:
        """For keys and tags. When the last fold ran says nothing of this account."""
        one = self.account
        return *self._known, self.peers, one.last_at, one.persons, one.version

    @property
    def settled(self) -> tuple[object, ...]:
        """The same for figures of days that are over, with the last event to the minute: what
        arrives of today changes none of them.
        """
        last = self.account.last_at
        minute = None if last is None else last.replace(second=0, microsecond=0)
        return *self.ended, self.peers, minute

    @property
    def ended(self) -> tuple[object, ...]:
        """What figures of days that are over follow from, and nothing else."""
        return *self._known, self.account.ended_version, self.catalogue_version

    @property
    def _known(self) -> tuple[object, ...]:
        one = self.account
        account = (one.id, one.key, one.name, one.time_zone, one.seats, one.people_shown)
        return (
            *(account, one.first_at, self.go_live, self.edition, one.people_version),
            *(self.volumes, self.newest),
        )


def read_standing(session: Session, account_key: str) -> Standing:
    """`newest` is the last full local day. Raises NotFound."""
    row = session.execute(_STANDING, {"account_key": account_key}).one_or_none()
    if row is None:
        raise NotFound(f"There is no account {account_key[:120]}.")
    return _standing(row, scope_of(session).now)


def look_at_standing(connection: Connection, account_key: str, now: datetime) -> Standing | None:
    """The same without the ways of a session, for who knows already that the reader may see the
    account; None where there is none.
    """
    row = connection.execute(_STANDING, {"account_key": account_key}).one_or_none()
    return None if row is None else _standing(row, now)


def _standing(row: Any, now: datetime) -> Standing:
    *facts, go_live, edition, series, revisions, catalogue, peers = row
    account = AccountRow(*facts)
    return Standing(
        account=account,
        go_live=go_live,
        edition=edition,
        volumes=(int(series), int(revisions)),
        catalogue_version=int(catalogue),
        newest=last_full_day(account.time_zone, now),
        peers=_peers(peers),
    )


def _peers(told: str | None) -> tuple[PeerRow, ...]:
    rows = (one.split("|") for one in sorted(told.split(";"))) if told else ()
    return tuple(
        PeerRow(metric, date.fromisoformat(day), float(median), int(others))
        for metric, day, median, others in rows
    )
