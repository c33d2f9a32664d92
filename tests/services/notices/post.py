"""A worker that reads what the outbox says, and what people have got of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from portal.models import Job, Mail, Notice, User
from portal.services.jobs import enqueue
from portal.tenancy import system_scope
from portal.worker import Worker
from tests.apps import make_settings
from tests.services.requests.town import Town


@dataclass
class PostOffice:
    town: Town
    smtp_url: str = ""
    _seen: set[str] = field(default_factory=set)

    def deliver(self) -> None:
        """Does all that is due."""
        worker = self._worker()
        while worker.drain():
            pass
        left = or_(Job.due_at <= self.town.now, Job.error.is_not(None))
        assert self._rows(select(Job.name, Job.error).where(left)) == []

    def step(self) -> None:
        """Does one job, and leaves in the outbox what follows from it."""
        assert self._worker().step()

    def run(self, job: str) -> None:
        """As the timetable would, once what waits has been done, and does what follows from it."""
        self.deliver()
        with self.town.world.database.session(
            system_scope(self.town.now, "test"), writes=True
        ) as session:
            enqueue(session, job, {})
            session.commit()
        self.deliver()

    def told(self) -> set[tuple[str, str]]:
        """Who has been told of what since this was last asked: (address, kind)."""
        self.deliver()
        wanted = select(User.email, Notice.kind, Notice.key).join(User, User.id == Notice.user_id)
        rows = [row for row in self._rows(wanted) if row.key not in self._seen]
        self._seen |= {row.key for row in rows}
        return {(row.email, row.kind) for row in rows}

    def mails(self) -> list[Mail]:
        self.deliver()
        with self.town.world.database.session(system_scope(self.town.now, "test")) as session:
            return list(session.scalars(select(Mail).order_by(Mail.id)))

    def values(self, email: str) -> list[dict[str, str]]:
        """What the notices of one person say, the last of them last."""
        wanted = select(Notice.values).join(User, User.id == Notice.user_id).order_by(Notice.id)
        return [row[0] for row in self._rows(wanted.where(User.email == email))]

    def _worker(self) -> Worker:
        database = self.town.world.database
        settings = make_settings(database_url=database.url, smtp_url=self.smtp_url)
        return Worker(settings, database, clock=lambda: self.town.now, timetable=())

    def _rows(self, statement: Any) -> Sequence[Any]:
        with self.town.world.database.session(system_scope(self.town.now, "test")) as session:
            return session.execute(statement).all()
