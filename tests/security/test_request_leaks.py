"""Whatever is done to requests, no door tells one account of another: random lives of three.

Every text bears the mark of its account, of whoever keeps it to themselves, or of the vendor's own
people. After a random sequence of everything that can be done (lives.py), each reader asks the
services and every address of the live URL map that lists requests or takes one, of whatever
account; notices, mails, the links in them and feeds are read as well. A new page is in it by
itself; a new act is added to request_acts.py or vendor_acts.py.

PACELINE_TEST_LIVES=20 asks for so many lives on each engine, PACELINE_TEST_SEED for another first
one. A life that leaks is told by its seed and its steps, made fewer.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.web.state import State
from tests.apps import Door, put_over
from tests.databases import open_database
from tests.security.lives import ACTS, Steps, draw_life, live, reach_all, shortest
from tests.security.three_accounts import (
    ARR,
    MARKS,
    NOTE,
    TOLD_TO,
    VENDOR,
    Reader,
    Three,
    build_three,
    csm_of,
    hushed,
)
from tests.security.what_is_told import (
    Told,
    by_feed,
    by_link,
    by_pages,
    by_post,
    by_services,
    page_readers,
)

LIVES = int(os.environ.get("PACELINE_TEST_LIVES", "1"))
FIRST = int(os.environ.get("PACELINE_TEST_SEED", "5"))
STEPS = 70
# Of another account's objects of a kind a page is asked for so many: each costs, and all are one.
FOREIGN = 3 if LIVES == 1 else 1000
# Where each account must find a word of its own, or this test is blind.
ROOMS = ("list", "request", "draft", "similar", "notice", "page", "content", "link")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.,'’\u202f\xa0]+(?=\d)")

Begins = Callable[[], Three]


@pytest.fixture
def begin(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], Three]]:
    """Makes three accounts in a database where nothing has happened yet, as often as one likes."""
    empty = _empty_postgres if engine_name == "postgresql" else _empty_sqlite
    made: list[Three] = []

    def begins() -> Three:
        if made:
            made[-1].database.dispose()
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(build_three(open_database(empty(request, folder)), folder))
        return made[-1]

    yield begins
    made[-1].database.dispose()
    if engine_name == "postgresql":
        _empty_postgres(request, tmp_path)


def _empty_postgres(request: pytest.FixtureRequest, _folder: Path) -> str:
    address: str = request.getfixturevalue("postgres_with_tables")
    server: Any = request.getfixturevalue("postgres")
    server.empty(address.rpartition("/")[2].partition("?")[0])
    return address


def _empty_sqlite(request: pytest.FixtureRequest, folder: Path) -> str:
    template: Path = request.getfixturevalue("sqlite_template")
    return f"sqlite:///{shutil.copy(template, folder / 'paceline.db')}"


@pytest.mark.parametrize("number", range(FIRST, FIRST + LIVES))
def test_nobody_reads_what_others_have_told(
    begin: Begins, wired_app: Flask, engine_name: str, number: int
) -> None:
    seed = f"{engine_name} {number}"
    three = begin()
    live(three, seed, draw_life(seed, STEPS))
    reach_all(three, seed)
    three.work()
    found, told = read_all(three, wired_app)
    if found:
        short = shortest(three.done, lambda steps: _leaks(begin(), wired_app, seed, steps))
        pytest.fail(f"seed {seed!r}: {found[:12]}\nalso by {short}")
    missing = {(mark, room) for mark in MARKS for room in ROOMS} - told
    assert missing == set(), "what may be read must be told there, or this test is blind"
    assert three.reached == set(ACTS)


def _leaks(three: Three, wired_app: Flask, seed: str, steps: Steps) -> bool:
    live(three, seed, steps)
    three.work()
    return bool(read_all(three, wired_app)[0])


def read_all(three: Three, wired_app: Flask) -> tuple[list[str], set[tuple[str, str]]]:
    """What somebody must not have read, and in which rooms each account has found a word."""
    found: list[str] = []
    rooms: set[tuple[str, str]] = set()

    def read(reader: Reader, told: Iterator[Told]) -> None:
        for place, said in told:
            found.extend(leaks(three, reader, place, said))
            if reader.mark in said:
                rooms.add((reader.mark, place.partition(" ")[0]))

    for reader in three.readers:
        read(reader, by_services(three, reader, most=FOREIGN))
    for reader in (*three.readers, *three.gone, csm_of(three)):
        read(reader, by_post(three, reader))
    with put_over(wired_app, State(three.settings, three.database)) as app:
        door = Door(app, three.world)
        for reader in page_readers(three):
            read(reader, by_pages(three, door, reader, most=FOREIGN))
            read(reader, by_link(three, door, reader))
        for reader, told in by_feed(three, door):
            read(reader, iter([told]))
    return found, rooms


def leaks(three: Three, reader: Reader, place: str, said: str) -> list[str]:
    """What was asked for itself is no leak where an answer repeats it."""
    asked = place.partition(" ")[2]
    bare = said.replace(asked, "") if asked else said
    bare = BETWEEN_DIGITS.sub("", bare.lower())
    found = forbidden(three, reader).items()
    return [f"{reader.email} at {place}: {why} ({word})" for word, why in found if word in bare]


def forbidden(three: Three, reader: Reader) -> dict[str, str]:
    """What that reader must not find, and why."""
    others = {mark: "another account" for mark in MARKS if mark != reader.mark}
    incomes = {ARR[mark]: "another's revenue" for mark in others}
    if reader.role.side == "vendor":
        return {**others, **incomes}
    everybody = [*three.readers, *three.gone]
    colleagues = {
        hushed(reader.mark, one.user_id): "a colleague's own"
        for one in everybody
        if one.user_id != reader.user_id
    }
    left = {} if reader.mails is None else {reader.mark: "they have left"}
    notes = {} if reader.mark == TOLD_TO else {NOTE: "a text for others"}
    own = {VENDOR: "the vendor's own"}
    return {**others, **incomes, **colleagues, **left, **notes, **own}
