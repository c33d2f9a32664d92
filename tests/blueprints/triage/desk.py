"""A desk with requests on it: Oskelund's and Quillon's, handed in by their own people."""

from dataclasses import dataclass
from typing import Any

from portal.domain.requests import Kind
from tests.apps import Door
from tests.services.requests.town import Town
from tests.world import ELIF, INGRID, NOW

PAUL = "paul@ferrymark.example"


@dataclass
class Desk:
    """`ours` and `theirs` are keys of Oskelund's and Quillon's request."""

    door: Door
    town: Town
    ours: str
    theirs: str

    def post(self, client: Any, what: str, **data: Any) -> Any:
        return client.post(f"/triage/{self.ours}/{what}", data=data)


def set_desk(door: Door) -> Desk:
    town = Town(door.world, NOW)
    return Desk(
        door,
        town,
        town.hand_in(INGRID, title="Export by region"),
        town.hand_in(ELIF, kind=Kind.BUG, title="It stands still", told={"steps": "Open it twice"}),
    )
