"""What stands beside a request is what the queue itself shows before and after it."""

import pytest

from portal.db import Database
from portal.domain.requests import State
from portal.services.requests.merging import merge_requests
from portal.services.requests.moving import move_request
from portal.services.requests.neighbours import Neighbours, neighbours
from portal.services.requests.queue import find_queue
from portal.services.requests.queue_question import QueueQuestion, Sort
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, build_world


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def test_they_are_those_of_the_queue_in_each_of_its_orders(town: Town) -> None:
    for number in range(4):
        town.hand_in((INGRID, ELIF)[number % 2], title=f"No {number}")
        town.later(hours=1)
    for sort in Sort:
        question = QueueQuestion(sort=sort)
        keys = [row.key for row in town.call(PAUL, find_queue, question).rows]
        for before, key, after in zip(["", *keys], keys, [*keys[1:], ""], strict=False):
            assert town.call(PAUL, neighbours, question, key) == Neighbours(before, after), sort


def test_what_no_longer_fits_still_knows_its_place_and_what_is_merged_has_none(town: Town) -> None:
    first, second, third = (town.hand_in(INGRID, title=f"No {one}") for one in range(3))
    asked = QueueQuestion(state=State.SUBMITTED.value, sort=Sort.NEWEST)
    town.call(PAUL, move_request, second, State.CLARIFYING)
    assert town.call(PAUL, neighbours, asked, second) == Neighbours(third, first)
    assert town.call(PAUL, neighbours, asked, third) == Neighbours("", first)
    town.call(PAUL, merge_requests, third, first)
    assert town.call(PAUL, neighbours, asked, third) == Neighbours()
