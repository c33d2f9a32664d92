"""The health of the demo world: fourteen months of scores, a group, a word against a score, and
what became of contracts.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.health import Band
from portal.domain.permissions import Role
from portal.models import Account, AccountAssignment, User
from portal.services.health.due import due_accounts
from portal.services.health.outcomes import Outcome, note_outcome
from portal.services.health.overrides import override_band
from portal.services.health.scoring import score_accounts
from portal.tenancy import Scope, system_scope

HISTORY = 420
GROUP = ("oskelund-group", "Oskelund Group")
CHILDREN = ("oskelund-foods", "norrby-schools")
OVERRIDES = (
    (
        "velkora-health",
        "mara",
        Band.RED,
        "Their new director told us on the phone that they compare us with another product.",
        21,
    ),
)
# (account, days back, outcome, share of the yearly amount, note)
OUTCOMES = (
    ("tarnby-freight", 197, Outcome.RENEWED, "1.00", "One more year, same seats"),
    ("quillon-insurance", 266, Outcome.RENEWED, "1.00", ""),
    ("velkora-health", 304, Outcome.RENEWED, "1.12", "Clinics in the south joined"),
    ("marisk-energy", 151, Outcome.RENEWED, "1.30", "Twelve seats more"),
    ("brannock-tools", 41, Outcome.SHRANK, "0.80", "Eight seats fewer"),
    ("lysander-hotels", 285, Outcome.SHRANK, "0.75", "They close two houses in winter"),
    ("castor-wynn", 178, Outcome.SHRANK, "0.60", "Partners had not taken it up"),
    ("heliox-labs", 114, Outcome.RENEWED, "1.00", ""),
    ("norrby-schools", 75, Outcome.RENEWED, "1.00", ""),
)


def load_health(database: Database, now: datetime, last_day: date) -> None:
    with database.session(system_scope(now, "demo", actor="demo"), writes=True) as session:
        there = set(session.scalars(select(Account.key)))
        _found_group(session, now, there)
        score_accounts(session, due_accounts(session), history=HISTORY)
        for key, back, outcome, share, note in OUTCOMES:
            if key in there:
                amount = _amount(session, key, share)
                day = last_day - timedelta(days=back)
                note_outcome(session, key, day, outcome.value, amount=amount, note=note)
    for key, name, band, reason, days in OVERRIDES:
        if key in there:
            with database.session(_scope(database, now, name), writes=True) as session:
                override_band(session, key, band, reason, last_day + timedelta(days=days))


def _found_group(session: Session, now: datetime, there: set[str]) -> None:
    """Two customers of one owner; the group itself has bought nothing."""
    if not set(CHILDREN) <= there:
        return
    key, name = GROUP
    group = Account(
        key=key,
        name=name,
        time_zone="Europe/Oslo",
        tier="strategic",
        industry="holding",
        region="north",
        demo=True,
        created_at=now,
    )
    session.add(group)
    session.flush()
    mara = session.scalars(select(User.id).where(User.email == "mara@ferrymark.example")).one()
    session.add(AccountAssignment(account_id=group.id, user_id=mara))
    for child in session.scalars(select(Account).where(Account.key.in_(CHILDREN))):
        child.parent_id = group.id
    session.flush()


def _amount(session: Session, key: str, share: str) -> Decimal | None:
    arr = session.scalar(select(Account.arr).where(Account.key == key))
    return None if arr is None else (arr * Decimal(share)).quantize(Decimal("0.01"))


def _scope(database: Database, now: datetime, name: str) -> Scope:
    with database.session(system_scope(now, "demo")) as session:
        email = f"{name}@ferrymark.example"
        user = session.execute(select(User.id, User.email).where(User.email == email)).one()
    return Scope(
        user_id=user.id, role=Role.CSM, accounts=None, now=now, origin="demo", actor=user.email
    )
