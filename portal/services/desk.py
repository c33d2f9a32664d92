"""The vendor's view of its accounts: the list, and one account whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import NotFound
from portal.domain.lifecycle import STAGES, Stage
from portal.domain.paging import place_in
from portal.models import Account
from portal.services.account_book import NO_ENTRY, Book, BookEntry, read_book
from portal.services.account_readings import ReadRow, texts_of_account
from portal.services.adoption import (
    Adoption,
    Integrations,
    Week,
    adoption_before,
    integration_series,
    show_adoption,
    weekly_active,
)
from portal.services.alerts.listing import AlertRow, alerts_of
from portal.services.arrivals import list_unlisted
from portal.services.breadth_course import breadth_course
from portal.services.contacts import Contact, SignsIn, find_csm, signing_in
from portal.services.health import GlassBox, HealthRow, Scores, glass_box, latest_scores
from portal.services.portfolio import PortfolioRow, list_portfolio
from portal.services.tasks import TaskRow, tasks_of_account
from portal.services.value_reports import ReportRow, list_reports

PAGE_SIZE = 25
TIERS = ("strategic", "standard", "small")
WEEKS = 26
NEAR = timedelta(days=90)
READ_DAYS, MOST_READ = 90, 5
SHORTEST = 8
"""Days of health that its panel looks at."""


@dataclass(frozen=True, slots=True)
class AccountQuestion:
    """Which accounts, in which order. `text` is part of a name; empty means any. `csm` is a
    user's key or NOBODY, `band` a band or NONE; `near`: only those that renew within 90 days.
    """

    text: str = ""
    tier: str = ""
    segment: str = ""
    stage: str = ""
    csm: str = ""
    band: str = ""
    near: bool = False
    sort: str = "name"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`rows` are one page of `total` that fit; `all` counts those in reach, `renewing` those of
    them whose contract ends within 90 days. `first` is the number of the first row shown, from 1.
    """

    rows: list[PortfolioRow]
    total: int
    all: int
    renewing: int
    page: int
    pages: int
    first: int
    scores: Scores
    book: Book


@dataclass(frozen=True, slots=True)
class AccountFacts:
    id: int
    key: str
    name: str
    tier: str
    industry: str
    region: str
    time_zone: str
    seats: int | None
    contract_start: date | None
    contract_end: date | None
    go_live: date | None
    people_shown: str
    stage: str
    stage_since: date | None
    group_key: str
    group_name: str


@dataclass(frozen=True, slots=True)
class AccountDesk:
    facts: AccountFacts
    csm: Contact | None
    now: Adoption
    before: Adoption
    weeks: list[Week]
    breadth_weeks: list[int]
    calls: Integrations
    reports: list[ReportRow]
    people: list[SignsIn]
    unlisted: int
    alerts: list[AlertRow]
    tasks: list[TaskRow]
    texts: list[ReadRow]
    health: GlassBox | None


BY_NAME = "name"
SORTS: dict[str, Callable[[PortfolioRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    "mau": lambda row: row.mau,
    "login": lambda row: row.login_ratio_30d,
    "renewal": lambda row: row.contract_end,
    "last": lambda row: row.last_event_at,
}
HEALTH = "health"
BOOK_SORTS: dict[str, Callable[[BookEntry], Any]] = {
    "stage": lambda entry: STAGES.index(Stage(entry.stage)) if entry.stage in STAGES else None,
    "alerts": lambda entry: entry.alerts,
    "owner": lambda entry: entry.csm.casefold() or None,
}
ORDERS = (*SORTS, HEALTH, *BOOK_SORTS)
NOBODY = NONE = "none"


def find_accounts(
    session: Session, question: AccountQuestion, *, whole: bool = False
) -> AccountPage:
    """One page of the accounts in reach, or all that fit on one."""
    everyone = list_portfolio(session)
    scores, book = latest_scores(session), read_book(session)
    found = choose(everyone, question, scores, book)
    size = max(len(found), 1) if whole else PAGE_SIZE
    at = place_in(len(found), size, question.page)
    return AccountPage(
        rows=found[at.offset : at.offset + size],
        total=len(found),
        all=len(everyone),
        renewing=count_renewing(everyone),
        page=at.page,
        pages=at.pages,
        first=at.first,
        scores=scores,
        book=book,
    )


def renews(row: PortfolioRow) -> bool:
    """Within 90 days, or its end is over."""
    return row.contract_end is not None and row.contract_end <= row.as_of + NEAR


def count_renewing(rows: Iterable[PortfolioRow]) -> int:
    """As `renews`, of very many: they share few days."""
    last: dict[date, date] = {}
    count = 0
    for row in rows:
        if row.contract_end is not None:
            until = last.get(row.as_of) or last.setdefault(row.as_of, row.as_of + NEAR)
            count += row.contract_end <= until
    return count


def choose(
    rows: Sequence[PortfolioRow],
    question: AccountQuestion,
    scores: Scores | None = None,
    book: Book | None = None,
) -> list[PortfolioRow]:
    """Filtered and in order; what is not known comes last either way. `rows` are by name, and stay
    so where the order asked for says nothing.
    """
    entries = book.entries if book else {}
    tests = list(_tests(question, scores or {}, entries))
    found = [row for row in rows if all(fits(row) for fits in tests)] if tests else list(rows)
    if question.sort not in ORDERS or question.sort == BY_NAME:
        return found[::-1] if question.descending else found
    value = _value(question.sort, scores or {}, entries)
    valued = [(value(row), row) for row in found]
    known = [one for one in valued if one[0] is not None]
    known.sort(key=itemgetter(0), reverse=question.descending)
    return [row for _, row in known] + [row for one, row in valued if one is None]


def _tests(
    question: AccountQuestion, scores: Scores, entries: Mapping[str, BookEntry]
) -> Iterator[Callable[[PortfolioRow], bool]]:
    """What is asked of each account: there may be very many of them."""
    text = question.text.strip().casefold()
    if text:
        yield lambda row: text in row.name.casefold()
    if question.near:
        yield renews
    if question.tier:
        yield lambda row: row.tier == question.tier
    if question.band:
        yield lambda row: _band(scores.get(row.key)) == question.band
    if question.segment:
        yield lambda row: entries.get(row.key, NO_ENTRY).segment == question.segment
    if question.stage:
        yield lambda row: entries.get(row.key, NO_ENTRY).stage == question.stage
    if question.csm:
        yield lambda row: (entries.get(row.key, NO_ENTRY).csm_key or NOBODY) == question.csm


def _band(score: HealthRow | None) -> str:
    return score.band.value if score and score.band else NONE


def _value(
    sort: str, scores: Scores, entries: Mapping[str, BookEntry]
) -> Callable[[PortfolioRow], Any]:
    if sort in BOOK_SORTS:
        read = BOOK_SORTS[sort]
        return lambda row: read(entries.get(row.key, NO_ENTRY))
    if sort != HEALTH:
        return SORTS.get(sort, SORTS["name"])
    known = {key: row.score for key, row in scores.items()}
    return lambda row: known.get(row.key)


def show_account(session: Session, account_key: str) -> AccountDesk:
    """Raises NotFound for an account out of reach."""
    facts = account_facts(session, account_key)
    now = show_adoption(session, account_key)
    return AccountDesk(
        facts=facts,
        csm=find_csm(session, account_key),
        now=now,
        before=adoption_before(session, now),
        weeks=weekly_active(session, account_key, now.as_of, WEEKS),
        breadth_weeks=breadth_course(session, account_key, now.as_of),
        calls=integration_series(session, account_key, now.as_of),
        reports=list_reports(session, account_key),
        people=signing_in(session, account_key),
        unlisted=sum(
            row.persons for row in list_unlisted(session) if row.account_key == account_key
        ),
        alerts=alerts_of(session, account_key),
        tasks=tasks_of_account(session, account_key),
        texts=texts_of_account(session, account_key, days=READ_DAYS, most=MOST_READ),
        health=glass_box(session, account_key, SHORTEST),
    )


def account_facts(session: Session, account_key: str) -> AccountFacts:
    """Raises NotFound for an account out of reach. A group out of reach is not named."""
    group = aliased(Account)
    row = session.execute(
        select(
            Account.id,
            Account.key,
            Account.name,
            Account.tier,
            Account.industry,
            Account.region,
            Account.time_zone,
            Account.seats,
            Account.contract_start,
            Account.contract_end,
            Account.go_live,
            Account.people_shown,
            Account.stage,
            Account.stage_since,
            func.coalesce(group.key, ""),
            func.coalesce(group.name, ""),
        )
        .outerjoin(group, group.id == Account.parent_id)
        .where(Account.key == account_key)
    ).one_or_none()
    if row is None:
        raise NotFound
    return AccountFacts(*tuple(row))
