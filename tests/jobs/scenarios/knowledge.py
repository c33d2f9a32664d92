"""The weekly mail that names a champion's next step."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from portal.models import Mail
from portal.services.content_files import load_content
from portal.services.jobs import enqueue
from tests.blueprints.usage import work
from tests.hub import write_text
from tests.jobs import workers
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import at
from tests.world import INGRID, OSKELUND, build_world


def ask_for_step_mail(place: Place, turn: int) -> None:
    """Delegation waits at Oskelund on a Monday: one mail a week, however often it is asked for."""
    if turn == 0:
        build_world(place.database)
        friday = workers.MONDAY.date() - timedelta(days=3)
        work(place.database, OSKELUND, range(1, 7), [friday])
        with at(place.database) as session, TemporaryDirectory() as folder:
            write_text(Path(folder), "who-approves", "customers", features="[delegation]")
            load_content(session, Path(folder))
    with at(place.database) as session:
        enqueue(session, "knowledge.step-mail", {})
        session.commit()


def check_step_mail(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(Mail.recipient)).all() == [INGRID]


SCENARIOS = {"knowledge.step-mail": Scenario(ask_for_step_mail, check_step_mail)}
