"""The whole portfolio at a glance: by health, stage and success manager."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.health import Band
from portal.models import Task, User
from portal.services.account_book import NO_ENTRY, Book, read_book
from portal.services.alerts.listing import reader_today
from portal.services.desk import NONE, renews
from portal.services.health import Scores, latest_scores
from portal.services.portfolio import PortfolioRow, list_portfolio
from portal.services.remembered import remember


@dataclass(frozen=True, slots=True)
class CsmRow:
    """`key` is empty for the accounts of nobody. `health`: mean of the scores there are."""

    key: str
    name: str
    accounts: int
    health: float | None
    alerts: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Summary:
    """`bands` count accounts by band or NONE, `renewing` those of them that renew in 90 days.
    `heard` of them have sent events, the last of all at `last_event_at`.
    """

    accounts: int
    alerts: int
    bands: dict[str, int]
    renewing: dict[str, int]
    stages: dict[str, int]
    csms: list[CsmRow]
    heard: int
    last_event_at: datetime | None


def summarize(session: Session) -> Summary:
    """Of the accounts in reach, in as many statements as the list of accounts and one more."""
    rows, scores, book = list_portfolio(session), latest_scores(session), read_book(session)
    plain = remember(
        session,
        "portfolio-summary",
        (rows, scores, book.entries),
        lambda: _sum_up(rows, scores, book),
        lambda made: 1_000 + 200 * len(made.csms),
    )
    overdue = _overdue(session)
    csms = [replace(one, overdue=overdue.get(one.key, 0)) for one in plain.csms]
    return replace(plain, csms=csms)


def _sum_up(rows: Sequence[PortfolioRow], scores: Scores, book: Book) -> Summary:
    """All but tasks."""
    bands: Counter[str] = Counter()
    renewing: Counter[str] = Counter()
    held: dict[str, list[int]] = {}
    alerts: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for row in rows:
        entry, score = book.entries.get(row.key, NO_ENTRY), scores.get(row.key)
        band = score.band.value if score and score.band else NONE
        bands[band] += 1
        renewing[band] += renews(row)
        counts[entry.csm_key] += 1
        alerts[entry.csm_key] += entry.alerts
        if score and score.score is not None:
            held.setdefault(entry.csm_key, []).append(score.score)
    newest = [at for row in rows if (at := row.last_event_at)]
    order = (*(band.value for band in Band), NONE)
    return Summary(
        accounts=len(rows),
        alerts=alerts.total(),
        bands={band: bands[band] for band in order},
        renewing={band: renewing[band] for band in order},
        heard=len(newest),
        last_event_at=max(newest, default=None),
        stages=dict(Counter(entry.stage for entry in book.entries.values())),
        csms=[
            CsmRow(key, name, counts[key], _mean(held.get(key)), alerts[key], 0)
            for key, name in sorted(book.csms.items(), key=lambda one: (not one[0], one[1]))
        ],
    )


def _mean(scores: list[int] | None) -> float | None:
    return sum(scores) / len(scores) if scores else None


def _overdue(session: Session) -> dict[str, int]:
    """Open tasks past their day, by the key of whose they are; snoozed ones are not."""
    today = reader_today(session)
    wanted = (
        select(User.key, func.count(Task.id))
        .join(Task, Task.owner_id == User.id)
        .where(
            Task.done_at.is_(None),
            Task.due_on < today,
            Task.snoozed_until.is_(None) | (Task.snoozed_until <= today),
        )
        .group_by(User.key)
    )
    return {key: int(count) for key, count in session.execute(wanted)}
