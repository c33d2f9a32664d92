"""Builds the demo world through the services that a real vendor uses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.demo.alerts import load_alerts
from portal.demo.cast import (
    COMPANIES,
    LOGINS,
    PASSWORD,
    VENDOR,
    VENDOR_ZONE,
    Company,
    Login,
)
from portal.demo.editions import add_editions
from portal.demo.editorial import load_editorial
from portal.demo.health import load_health
from portal.demo.loop import load_loop
from portal.demo.readings import load_readings
from portal.demo.records import make_account, make_features, make_persons
from portal.demo.reports import REPORTS
from portal.demo.searches import load_searches
from portal.demo.stages import set_stage
from portal.demo.targets import compare_peers, set_goals
from portal.demo.terms import name_cast
from portal.demo.training import load_training
from portal.demo.usage import messages
from portal.demo.volumes import pushes
from portal.domain.errors import Conflict
from portal.domain.permissions import Role
from portal.models import (
    Account,
    AccountAssignment,
    User,
    Vendor,
)
from portal.services.adoption import last_full_day
from portal.services.content_files import load_content
from portal.services.ingest import accept_lines
from portal.services.users import create_user
from portal.services.value_reports import draft_report, publish_report, write_notes
from portal.services.volumes import push_volumes
from portal.tenancy import Scope, system_scope
from portal.usage.fold import fold_pending

CONTENT = Path(__file__).resolve().parents[2] / "content"
MESSAGES_A_STEP = 5000
Progress = Callable[[str, float], None]
Companies = tuple[Company, ...]


@dataclass(frozen=True, slots=True)
class DemoReport:
    accounts: int
    persons: int
    events: int


def is_empty(database: Database, now: datetime) -> bool:
    """Whether nothing but migrations has happened here."""
    with database.session(system_scope(now, "demo")) as session:
        return session.scalar(select(Account.id).limit(1)) is None


def load_demo(
    database: Database,
    now: datetime,
    progress: Progress,
    *,
    last_day: date | None = None,
    companies: Companies = COMPANIES,
) -> DemoReport:
    """Fills an empty database; raises Conflict where there are accounts already. The usage ends
    on `last_day` (default: the last full day over there). `progress` gets a word and a share.
    With fewer `companies` it is done sooner.
    """
    if not is_empty(database, now):
        raise Conflict("The demo loads into an empty database only, and this one has accounts.")
    end = last_day or now.date() - timedelta(days=1)
    ends = {one.key: last_day or last_full_day(one.time_zone, now) for one in companies}
    with database.session(system_scope(now, "demo", actor="demo"), writes=True) as session:
        persons = _build_records(session, now, ends, companies)
        session.commit()
        load_content(session, CONTENT)
        progress("people", 0.05)
    events = _build_usage(database, now, ends, progress, companies)
    _push_volumes(database, now, ends, companies)
    load_alerts(database, now, end)
    set_goals(database, now)
    compare_peers(database, now)
    _publish_reports(database, now, end, companies)
    load_readings(database, now)
    load_searches(database, now)
    load_editorial(database, now)
    load_training(database, now)
    load_loop(database, now)
    load_health(database, now, end)
    progress("reports", 1.0)
    with database.session(system_scope(now, "demo")) as session:
        accounts = session.scalar(select(func.count(Account.id))) or 0
    return DemoReport(accounts, persons, events)


def _build_records(
    session: Session, now: datetime, ends: dict[str, date], companies: Companies
) -> int:
    session.add(Vendor(id=1, name=VENDOR, time_zone=VENDOR_ZONE, demo=True))
    session.add_all(make_features())
    name_cast(session)
    for company in companies:
        account = make_account(company, now, ends[company.key])
        set_stage(account, company, ends[company.key])
        session.add(account)
    session.flush()
    accounts = {row.key: row.id for row in session.execute(select(Account.key, Account.id))}
    add_editions(session, companies)
    persons = 0
    for company in companies:
        account_id = accounts[company.key]
        people = make_persons(company, account_id, ends[company.key])
        session.add_all(people)
        persons += len(people)
    for login in LOGINS:
        if login.company in {"", *accounts}:
            _login(session, login)
    _assign(session, accounts, companies)
    return persons


def _login(session: Session, login: Login) -> None:
    key = create_user(
        session,
        email=login.email,
        role=Role(login.role),
        account_key=login.company or None,
        password=PASSWORD,
        name=login.name,
    )
    session.execute(update(User).where(User.key == key).values(locale=login.locale))


def _assign(session: Session, accounts: dict[str, int], companies: Companies) -> None:
    users = {row.email: row.id for row in session.execute(select(User.email, User.id))}
    for company in companies:
        user_id = users[f"{company.csm}@ferrymark.example"]
        session.add(AccountAssignment(account_id=accounts[company.key], user_id=user_id))


def _build_usage(
    database: Database,
    now: datetime,
    ends: dict[str, date],
    progress: Progress,
    companies: Companies,
) -> int:
    """Through the same door as HTTP: accepted in rows, then folded."""
    encode = msgspec.json.Encoder().encode
    made = chain.from_iterable(messages(company, ends[company.key]) for company in companies)
    total, expected = 0, 290_000
    with database.session(system_scope(now, "demo"), writes=True) as session:
        for lines in _chunks(made, MESSAGES_A_STEP):
            for receipt in accept_lines(session, [encode(one) for one in lines]):
                total += receipt.accepted
            progress("usage", 0.05 + 0.55 * min(1.0, total / expected))
    fold_pending(database, now)
    progress("figures", 0.9)
    return total


def _chunks(source: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(source, size)):
        yield some


def _push_volumes(
    database: Database, now: datetime, ends: dict[str, date], companies: Companies
) -> None:
    with database.session(system_scope(now, "demo"), writes=True) as session:
        for company in companies:
            for items in pushes(company, ends[company.key]):
                push_volumes(session, company.key, items)


def _publish_reports(database: Database, now: datetime, end: date, companies: Companies) -> None:
    there = {company.key for company in companies}
    for plan in REPORTS:
        if plan.account not in there:
            continue
        with database.session(system_scope(now, "demo"), writes=False) as session:
            author = session.execute(
                select(User.id, User.email).where(User.email == plan.author)
            ).one()
        scope = Scope(
            user_id=author.id,
            role=Role.CSM,
            accounts=None,
            now=now,
            origin="demo",
            actor=author.email,
        )
        with database.session(scope, writes=True) as session:
            key = draft_report(session, plan.account, *plan.period(end))
            write_notes(session, key, plan.notes)
            if plan.published:
                publish_report(session, key)
