"""Paceline. `create_app` makes the web application."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Settings
    from portal.db import Database


def create_app(settings: "Settings", database: "Database | None" = None) -> "Flask":
    """A ready application. Raises RuntimeError where an endpoint declares no guard."""
    # Imported here so that portal.domain and the command line need no web framework to load.
    from portal.app import create_app as build  # noqa: PLC0415 # the reason stands above

    return build(settings, database)
