"""What one running application holds: its settings and its database."""

from dataclasses import dataclass

from flask import Flask, current_app

from portal.config import Settings
from portal.db import Database


@dataclass(frozen=True, slots=True)
class State:
    settings: Settings
    database: Database


def keep_state(app: Flask, state: State) -> None:
    app.extensions["paceline"] = state


def state() -> State:
    """The running application's state; only inside a request or an application context."""
    kept: State = current_app.extensions["paceline"]
    return kept
