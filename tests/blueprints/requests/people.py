"""Requests of the cast, as the services keep them, for tests of pages."""

import pytest

from tests.apps import Door
from tests.services.requests.town import Town


@pytest.fixture
def town(door: Door) -> Town:
    return Town(door.world)
