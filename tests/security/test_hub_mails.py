"""No mail tells of a text that its reader may not read: next steps, reminders of courses (also of
one that has been kept for another account since), what is to be reviewed.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select

from portal.db import Database, new_key
from portal.domain.permissions import Role
from portal.models import Job, Mail, User
from portal.services.training.assignments import assign_course
from portal.tenancy import Scope, system_scope
from portal.worker import Worker
from tests.apps import Door, make_settings
from tests.blueprints.usage import work
from tests.courses import SLUG, load_course, write_course
from tests.security.test_hub_leaks import READERS, WORDS, hub
from tests.world import ELIF, INGRID, NOW, OSKELUND, QUILLON

__all__ = ["hub"]
COURSE = "shorter approval"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
REVIEW = datetime(2027, 2, 1, 9, tzinfo=UTC)
JOBS = (
    "knowledge.step-mail",
    "training.remind",
    "notices.certificates",
    "notices.digest",
    "knowledge.remind",
)


def run(database: Database, now: datetime) -> None:
    with database.session(system_scope(now, "test"), writes=True) as session:
        for name in JOBS:
            session.add(Job(key=new_key(), name=name, payload={}, due_at=now, created_at=now))
        session.commit()
    Worker(make_settings(), database, clock=lambda: now, timetable=()).drain()


def assign(door: Door, email: str, company: str) -> None:
    """To themselves; due on Wednesday."""
    accounts = frozenset({door.world.accounts[company]})
    scope = Scope(door.world.users[email][0], Role.CHAMPION, accounts, NOW, actor=email)
    with door.world.database.session(scope, writes=True) as session:
        people, day = [door.world.keys[email]], date(2026, 11, 25)
        assign_course(session, SLUG, people=people, team="", due_on=day, link=lambda path: path)


def mails(database: Database, after: int) -> dict[str, str]:
    """All that each has been written."""
    found: dict[str, str] = {}
    with database.session(system_scope(NOW, "test")) as session:
        wanted = select(Mail.recipient, Mail.subject, Mail.text, Mail.html).where(Mail.id > after)
        for row in session.execute(wanted):
            found[row.recipient] = found.get(row.recipient, "") + " ".join(row[1:]).lower()
    return found


def vendors(database: Database) -> set[int]:
    with database.session(system_scope(NOW, "test")) as session:
        return set(session.scalars(select(User.id).where(User.account_id.is_(None))))


def test_no_mail_tells_of_what_its_reader_may_not_read(hub: Door, tmp_path: Path) -> None:
    database, folder = hub.world.database, tmp_path / "texts"
    write_course(folder)
    load_course(database, folder)
    for company, email in ((OSKELUND, INGRID), (QUILLON, ELIF)):
        work(database, company, range(1, 7), [date(2026, 11, day) for day in range(16, 20)])
        assign(hub, email, company.key)
    Worker(make_settings(), database, clock=lambda: NOW, timetable=()).drain()
    with database.session(system_scope(NOW, "test")) as session:
        asked = session.scalar(select(func.max(Mail.id))) or 0
    write_course(folder, audience=f"{{accounts: [{QUILLON.key}]}}")
    load_course(database, folder)
    run(database, MONDAY)
    run(database, REVIEW)

    told = mails(database, asked)
    assert COURSE in told[ELIF]
    assert COURSE not in told[INGRID]
    for email, may in ((INGRID, READERS["oskelund"][1]), (ELIF, READERS["quillon"][1])):
        words = {word for word in WORDS if word in told[email]}
        assert words, "or this test is blind"
        assert words <= may
    everything = [email for email, said in told.items() if all(word in said for word in WORDS)]
    assert everything, "editors are told what is to be reviewed"
    assert {hub.world.users[email][0] for email in everything} <= vendors(database)
