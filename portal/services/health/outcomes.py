"""What became of contracts, and what the score had said 90 days before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.health import Band
from portal.models import Account, HealthDay, RenewalOutcome
from portal.services.audit import record
from portal.tenancy import scope_of

DAYS_BEFORE = 90
NEAREST = timedelta(days=7)
"""The newest score of the week that ends 90 days before: older history is kept weekly."""
ENOUGH = 20
"""Below this many outcomes a share says little, and the page says so."""
EARLIEST = date(2000, 1, 1)


class Outcome(StrEnum):
    RENEWED = "renewed"
    SHRANK = "shrank"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    key: str
    account_key: str
    account_name: str
    day: date
    outcome: Outcome
    amount: Decimal | None
    currency: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Tested:
    """An outcome, and the score of `asked` (90 days before its day); None where there was none."""

    row: OutcomeRow
    asked: date
    score: int | None
    band: Band | None


@dataclass(frozen=True, slots=True)
class BackTest:
    """`cells`: band (None: no score then) × outcome → what lies behind it."""

    cells: dict[tuple[Band | None, Outcome], list[Tested]]
    total: int
    scored: int

    @property
    def enough(self) -> bool:
        return self.scored >= ENOUGH

    def count(self, band: Band | None, outcome: Outcome | None = None) -> int:
        wanted = [outcome] if outcome else list(Outcome)
        return sum(len(self.cells.get((band, one), [])) for one in wanted)

    def share(self, band: Band, outcome: Outcome) -> float | None:
        """Of the accounts that stood in the band, those that went so."""
        whole = self.count(band)
        return self.count(band, outcome) / whole if whole else None


def latest_day(now: datetime) -> date:
    """The last on which a contract can have been due; somewhere it is tomorrow already."""
    return now.date() + timedelta(days=1)


def note_outcome(
    session: Session,
    account_key: str,
    day: date,
    outcome: str,
    *,
    amount: Decimal | None = None,
    note: str = "",
) -> None:
    """Of the contract that was due on `day`; said a second time, it takes the first one's place.
    Commits. Raises NotFound, Invalid (outcome, day).
    """
    account = _account(session, account_key)
    if outcome not in set(Outcome):
        raise _wrong("outcome", "no-outcome", "Choose renewed, shrank or left.")
    if not EARLIEST <= day <= latest_day(scope_of(session).now):
        raise _wrong("day", "bad-day", "Choose a day that is over, from 2000 on.")
    row = session.scalar(
        select(RenewalOutcome).where(
            RenewalOutcome.account_id == account.id, RenewalOutcome.day == day
        )
    ) or RenewalOutcome(account_id=account.id, day=day, created_at=scope_of(session).now)
    row.outcome, row.note, row.amount = outcome, note.strip()[:500], amount
    row.currency = account.currency if amount is not None else None
    session.add(row)
    record(
        session,
        "outcome.note",
        "account",
        account_key,
        account_id=account.id,
        day=day.isoformat(),
        outcome=outcome,
    )
    session.commit()


def remove_outcome(session: Session, key: str) -> str:
    """Takes one back that was noted by mistake; the key of its account. Raises NotFound."""
    row = session.execute(
        select(RenewalOutcome.id, RenewalOutcome.account_id, RenewalOutcome.day, Account.key)
        .join(Account, Account.id == RenewalOutcome.account_id)
        .where(RenewalOutcome.key == key)
    ).first()
    if row is None:
        raise NotFound
    session.execute(
        delete(RenewalOutcome)
        .where(RenewalOutcome.id == row.id)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        "outcome.remove",
        "account",
        row.key,
        account_id=row.account_id,
        day=row.day.isoformat(),
    )
    session.commit()
    return str(row.key)


def list_outcomes(session: Session, account_key: str = "") -> list[OutcomeRow]:
    """The newest first; of all accounts in reach, or of one."""
    wanted = (
        select(
            RenewalOutcome.key,
            Account.key.label("account_key"),
            Account.name,
            RenewalOutcome.day,
            RenewalOutcome.outcome,
            RenewalOutcome.amount,
            RenewalOutcome.currency,
            RenewalOutcome.note,
        )
        .join(Account, Account.id == RenewalOutcome.account_id)
        .order_by(RenewalOutcome.day.desc(), Account.name)
    )
    if account_key:
        wanted = wanted.where(Account.key == account_key)
    return [
        OutcomeRow(row[0], row[1], row[2], row[3], Outcome(row[4]), *row[5:])
        for row in session.execute(wanted)
    ]


def back_test(session: Session) -> BackTest:
    """Every outcome against the score 90 days before, by the model that was in force then."""
    rows = list_outcomes(session)
    scores = _scores(session, rows)
    cells: dict[tuple[Band | None, Outcome], list[Tested]] = {}
    for row in rows:
        tested = _tested(row, scores.get(row.account_key, {}))
        cells.setdefault((tested.band, row.outcome), []).append(tested)
    scored = sum(len(found) for (band, _outcome), found in cells.items() if band is not None)
    return BackTest(cells, len(rows), scored)


def _tested(row: OutcomeRow, scores: dict[date, tuple[int | None, str]]) -> Tested:
    asked = row.day - timedelta(days=DAYS_BEFORE)
    near = (asked - timedelta(days=back) for back in range(NEAREST.days))
    score, band = next((scores[one] for one in near if one in scores), (None, ""))
    return Tested(row, asked, score, Band(band) if band else None)


def _scores(
    session: Session, rows: Iterable[OutcomeRow]
) -> dict[str, dict[date, tuple[int | None, str]]]:
    days = {
        row.day - timedelta(days=DAYS_BEFORE + back) for row in rows for back in range(NEAREST.days)
    }
    if not days:
        return {}
    wanted = (
        select(Account.key, HealthDay.day, HealthDay.score, HealthDay.band)
        .join(Account, Account.id == HealthDay.account_id)
        .where(
            HealthDay.day.between(min(days), max(days)),
            HealthDay.account_id.in_(select(RenewalOutcome.account_id)),
        )
    )
    found: dict[str, dict[date, tuple[int | None, str]]] = {}
    for key, day, score, band in session.execute(wanted):
        if day in days:
            found.setdefault(key, {})[day] = (score, band)
    return found


def _account(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(Account.key == key))
    if account is None:
        raise NotFound
    return account


def _wrong(field: str, code: str, said: str) -> Invalid:
    return Invalid(said, code=code, fields={field: said})
