"""What some of the cast have read, and what they said of it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.domain.permissions import Role
from portal.domain.readings import INCOMPLETE, OUTDATED, UNCLEAR
from portal.models import User
from portal.services.readings import Verdict, give_verdict, note_reading
from portal.tenancy import Scope, system_scope

YES = Verdict(helpful=True)


def _no(reason: str, words: str) -> Verdict:
    return Verdict(helpful=False, reason=reason, words=words)


INGRID, PIA = "ingrid@oskelund.example", "pia@oskelund.example"
CHEN, LIN = "chen@heliox.example", "lin@pellan.example"
# Who, which text, how many days ago, what they said of it.
READ: tuple[tuple[str, str, int, Verdict | None], ...] = (
    (INGRID, "month-end-approvals", 48, YES),
    (PIA, "month-end-approvals", 45, YES),
    (CHEN, "month-end-approvals", 44, YES),
    (LIN, "month-end-approvals", 40, None),
    (INGRID, "two-levels-are-enough", 61, YES),
    (CHEN, "two-levels-are-enough", 52, None),
    (PIA, "who-approves-while-away", 20, YES),
    (INGRID, "who-approves-while-away", 18, None),
    (LIN, "who-approves-while-away", 12, _no(UNCLEAR, "代理人和候補簽核人有什麼不同？")),
    (CHEN, "import-rows-rejected", 9, _no(INCOMPLETE, "没有写编码错误（乱码）怎么处理。")),
    (PIA, "import-rows-rejected", 7, YES),
    (INGRID, "dashboard-freshness", 15, YES),
    (PIA, "dashboard-freshness", 14, _no(OUTDATED, "The tile now says “as of”.")),
    (LIN, "clean-before-you-connect", 33, YES),
    (CHEN, "tarnby-freight", 70, YES),
    (INGRID, "release-26-11", 3, None),
    (PIA, "release-26-11", 2, None),
)


def load_readings(database: Database, now: datetime) -> None:
    """Of those of the cast who are there."""
    with database.session(system_scope(now, "demo")) as session:
        asked = select(User.email, User.id, User.role, User.account_id, User.locale)
        users = {row.email: row for row in session.execute(asked)}
    for email, slug, days, said in READ:
        if email in users:
            row = users[email]
            scope = Scope(
                user_id=row.id,
                role=Role(row.role),
                accounts=frozenset({row.account_id}),
                now=now - timedelta(days=days),
                locale=row.locale or "en",
                origin="demo",
            )
            with database.session(scope, writes=True) as session:
                note_reading(session, slug)
                if said is not None:
                    give_verdict(session, slug, said)
