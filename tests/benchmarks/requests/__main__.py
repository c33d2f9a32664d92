"""Run as `python -m tests.benchmarks.requests [--database URL | --postgresql]`.

`--database` is the address of an empty database; `--postgresql` starts one as the tests do, but as
durable as in earnest; neither is SQLite. `--pages` leaves out the queue's statements by themselves.

Twenty thousand requests of 400 accounts. Prints, for each question, the 95th percentile of the
server's own time and the most statements: the vendor's queue as list and as board, narrowed, deep
down; a customer's lists; one request; and similar ones while somebody types. Pages are asked
through the application, templates and all, of the account that has told most.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any
from urllib.parse import quote

import click
import structlog
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from portal.app import create_app
from portal.db import Database
from portal.domain.permissions import Role
from portal.models import Request, User
from portal.services.passwords import hash_password
from portal.services.requests.queue import find_queue
from portal.services.requests.queue_question import QueueQuestion, Sort
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from portal.web.read_ahead import read_ahead
from tests.apps import Door, make_settings
from tests.benchmarks.durable_server import durable_server
from tests.benchmarks.hello import app as hello
from tests.benchmarks.requests.corpus import Corpus
from tests.databases import make_tables, open_database
from tests.world import World

Act = Callable[[int], object]
TIMES, DEEP = 40, 60


@dataclass
class Told:
    """Milliseconds by the clock, and of work, this process's own and that of PostgreSQL's backends:
    what a machine that others use as well can tell.
    """

    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    statements: int = 0


def _asks(statement: str) -> bool:
    """Not what begins a transaction, nor settings of it, which PostgreSQL alone is told."""
    return not statement.startswith(("BEGIN", "SELECT set_config"))


def _processes() -> list[Path]:
    return [one for one in Path("/proc").iterdir() if one.name.isdecimal()]


def _called(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # it has ended
        return ""


def _worked(process: Path) -> float:
    try:
        return int((process / "schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0


def p95(values: list[float]) -> float:
    return sorted(values)[len(values) * 95 // 100]


@dataclass
class Bench:
    """`hello`: milliseconds of work of Flask's least page, once it has been asked."""

    database: Database
    corpus: Corpus
    hello: float = 0

    def ask(self, name: str, act: Act) -> None:
        told = Told()
        for number in range(3):
            act(number)
        for number in range(TIMES):
            with counted(self.database) as statements:
                behind = self.behind()
                began, worked = perf_counter(), thread_time()
                act(number)
                told.clock.append((perf_counter() - began) * 1000)
                told.work.append((thread_time() - worked) * 1000 + self.behind() - behind)
            told.statements = max(told.statements, sum(map(_asks, statements)))
        times = f"p50 {median(told.clock):6.1f}, p95 {p95(told.clock):6.1f} ms, "
        times += f"{median(told.work):6.1f} and {p95(told.work):6.1f} ms of work"
        ratio = f", {median(told.work) / self.hello:4.0f} hellos" if self.hello else ""
        print(f"{name:32} {times}, {told.statements:2} statements{ratio}", flush=True)

    def behind(self) -> float:
        """Milliseconds that PostgreSQL's backends have worked; 0 where the kernel does not say."""
        if self.database.engine.dialect.name != "postgresql":
            return 0
        name = f" {self.database.engine.url.username} {self.database.engine.url.database} "
        return sum(_worked(process) for process in _processes() if name in _called(process))

    def reading(self, act: Callable[[Any, int], object], *, account: int = 0) -> Act:
        accounts = frozenset({account}) if account else ALL_ACCOUNTS
        role = Role.MEMBER if account else Role.PRODUCT
        user = self.corpus.person(account, 1) if account else self.corpus.product

        def run(number: int) -> object:
            with self.database.session(Scope(user, role, accounts, self.corpus.now)) as session:
                return act(session, number)

        return run


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@click.command()
@click.option("--database", default="", help="Address of an empty database.")
@click.option("--postgresql", is_flag=True, help="On a server of its own.")
@click.option("--pages", "pages_alone", is_flag=True, help="Of the application alone.")
@click.option("--requests", default=20_000, show_default=True)
@click.option("--accounts", default=400, show_default=True)
def main(
    database: str, requests: int, accounts: int, *, postgresql: bool, pages_alone: bool
) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        url = database or f"sqlite:///{Path(name) / 'requests.db'}"
        if postgresql:
            url = stack.enter_context(durable_server(Path(name)))
        bench = Bench(*filled(url, Corpus(requests, accounts, datetime.now(UTC))))
        quiet()
        if not pages_alone:
            queue(bench)
        pages(bench, Path(name))
        bench.database.dispose()


def filled(url: str, corpus: Corpus) -> tuple[Database, Corpus]:
    make_tables(url)
    database = open_database(url)
    began = perf_counter()
    corpus.write(database)
    # As autovacuum leaves it, so that an index answers alone.
    said = "VACUUM ANALYZE" if database.engine.dialect.name == "postgresql" else "ANALYZE"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(said)
    print(f"{corpus.requests:,} requests of {corpus.accounts} accounts", end=" ")
    print(f"on {database.engine.dialect.name} in {perf_counter() - began:.0f} s")
    return database, corpus


def quiet() -> None:
    """No log among the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def queue(bench: Bench) -> None:
    for sort in Sort:
        bench.ask(f"queue by {sort}", asked(bench, QueueQuestion(sort=sort)))
    narrowed = {
        "tier": QueueQuestion(tier="strategic"),
        "kind and state": QueueQuestion(kind="need", state="planned"),
        "account": QueueQuestion(account=f"account-{bench.corpus.busiest}"),
        "a word": QueueQuestion(text="supplier"),
        "a rare word": QueueQuestion(text="bacedi"),
    }
    for name, question in narrowed.items():
        bench.ask(f"queue, narrowed by {name}", asked(bench, question))
    bench.ask(f"queue, page {DEEP}", deep(bench))


def asked(bench: Bench, question: QueueQuestion) -> Act:
    return bench.reading(lambda session, _number: find_queue(session, question))


def deep(bench: Bench) -> Act:
    """A page far down, whose place is walked to before it is timed."""
    product = Scope(bench.corpus.product, Role.PRODUCT, ALL_ACCOUNTS, bench.corpus.now)
    question = QueueQuestion()
    with bench.database.session(product) as session:
        for _page in range(DEEP):
            question = QueueQuestion(mark=find_queue(session, question).following)
    return asked(bench, question)


def pages(bench: Bench, folder: Path) -> None:
    """Through the application, signed in: all that the server does. Beside each, how many of
    Flask's least page the same work would have served.
    """
    app = create_app(make_settings(data_dir=folder), bench.database)
    read_ahead(app)  # as a web process does before it answers
    door = Door(app, world_of(bench))
    vendor, customer = (door.sign_in(email) for email in door.world.users)
    bench.hello = least()
    keys = keys_of(bench, account=bench.corpus.busiest)
    typed = [f"/requests/similar?kind=need&q={quote(text[:120])}" for text in told(bench)]
    for name, client, urls in (
        ("board", vendor, ["/triage", "/triage?tier=strategic", "/triage?kind=question"]),
        ("board, a word", vendor, ["/triage?q=supplier"]),
        ("list", vendor, ["/triage?layout=list"]),
        ("list by grade", vendor, ["/triage?layout=list&sort=priority"]),
        ("list by votes", vendor, ["/triage?layout=list&sort=votes"]),
        ("list, strategic", vendor, ["/triage?layout=list&tier=strategic"]),
        ("list, a word", vendor, ["/triage?layout=list&q=supplier"]),
        ("list, a rare word", vendor, ["/triage?layout=list&q=bacedi"]),
        ("one at the desk", vendor, [f"/triage/{key}" for key in keys]),
        ("shared list", vendor, ["/triage/shared", "/triage/shared?tab=planned"]),
        ("company's", customer, ["/requests", "/requests?tab=closed", "/requests?sort=votes"]),
        ("one of the company's", customer, [f"/requests/{key}" for key in keys]),
        ("similar while typing", customer, typed),
        ("roadmap", customer, ["/roadmap", "/roadmap?stage=planned"]),
        ("what is new", customer, ["/whats-new"]),
    ):
        bench.ask(f"page: {name}", page(client, urls))


def least() -> float:
    """Milliseconds of work that Flask's least page takes here, asked in the same way."""
    client, took = hello.test_client(), []
    for _time in range(TIMES * 5):
        worked = thread_time()
        client.get("/")
        took.append((thread_time() - worked) * 1000)
    return median(took)


def told(bench: Bench) -> list[str]:
    """What somebody might type: what others have told, of which some is known and some is not."""
    return [f"{one} {two}" for one, two in pairwise(bench.corpus.texts[: TIMES + 1])]


def page(client: FlaskClient, urls: list[str]) -> Act:
    def run(number: int) -> None:
        answer = client.get(urls[number % len(urls)])
        assert answer.status_code == 200, answer.status  # what is timed is a page

    return run


def world_of(bench: Bench) -> World:
    """The vendor's product person and a member of the account that tells most, who sign in."""
    ids = [bench.corpus.product, bench.corpus.person(bench.corpus.busiest, 1)]
    scope = system_scope(bench.corpus.now, "benchmark")
    with bench.database.session(scope, writes=True) as session:
        session.execute(update(User).where(User.id.in_(ids)).values(password=hash_password("x")))
        session.commit()
    users = {f"user-{one}@bench.example": (one, f"user-{one}") for one in ids}
    return World(bench.database, {}, users)


def keys_of(bench: Bench, account: int) -> list[str]:
    wanted = select(Request.key).where(Request.account_id == account).limit(TIMES)
    with bench.database.session(system_scope(bench.corpus.now, "benchmark")) as session:
        return list(session.scalars(wanted))


if __name__ == "__main__":
    main()
