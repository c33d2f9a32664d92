"""What one running application holds: its settings, its database and what it remembers."""

from dataclasses import dataclass, field

from flask import Flask, current_app

from portal.config import Settings
from portal.db import Database
from portal.web.memory import Memory


@dataclass(frozen=True, slots=True)
class State:
    settings: Settings
    database: Database
    memory: Memory = field(default_factory=Memory)


def keep_state(app: Flask, state: State) -> None:
    app.extensions["paceline"] = state


def state() -> State:
    """The running application's state; only inside a request or an application context."""
    kept: State = current_app.extensions["paceline"]
    return kept
