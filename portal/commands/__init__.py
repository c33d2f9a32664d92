"""The commands, one module a subject; each offers `COMMANDS`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import click


def groups() -> Iterator[click.Command]:
    for module in pkgutil.iter_modules(__path__):
        yield from getattr(import_module(f"{__name__}.{module.name}"), "COMMANDS", ())
