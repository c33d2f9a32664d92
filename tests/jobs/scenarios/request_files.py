"""Files that were attached and no request took, and those that no scanner has seen."""

from datetime import timedelta

from sqlalchemy import select

from portal.models import Account, RequestFile
from portal.services.file_store import FileStore
from portal.services.jobs import enqueue
from tests.jobs.scenarios.place import Place, Scenario
from tests.jobs.workers import MONDAY
from tests.moments import NOON, at


def ask_to_sweep(place: Place, turn: int) -> None:
    _files(place, turn)
    with at(place.database) as session:
        enqueue(session, "requests.sweep-files", {})
        session.commit()


def check_swept(place: Place, turn: int) -> None:
    with at(place.database) as session:
        left = set(session.scalars(select(RequestFile.key)))
    assert left == {f"new-{number}" for number in range(turn + 1)}
    assert set(FileStore(place.settings.request_files).names()) == left


def ask_to_scan(place: Place, turn: int) -> None:
    _files(place, turn)
    with at(place.database) as session:
        enqueue(session, "requests.scan-files", {})
        session.commit()


def check_scanned(place: Place, turn: int) -> None:
    """There is no scanner here: nothing is said of a file, and none is lost."""
    with at(place.database) as session:
        said = session.scalars(select(RequestFile.verdict)).all()
    assert said == [""] * 2 * (turn + 1)


def _files(place: Place, turn: int) -> None:
    store = FileStore(place.settings.request_files)
    with at(place.database) as session:
        account = Account(key=f"account-{turn}", name="Oskelund Foods", created_at=NOON)
        session.add(account)
        session.flush()
        for key, days in ((f"old-{turn}", 3), (f"new-{turn}", 1)):
            session.add(
                RequestFile(
                    key=key,
                    account_id=account.id,
                    name="words.txt",
                    media_type="text/plain",
                    size=5,
                    stored=key,
                    at=MONDAY - timedelta(days=days),
                )
            )
            store.put(key, b"words")
        session.commit()


SCENARIOS = {
    "requests.sweep-files": Scenario(ask_to_sweep, check_swept),
    "requests.scan-files": Scenario(ask_to_scan, check_scanned),
}
