"""The commands, one module a subject; each offers `COMMANDS`."""

from collections.abc import Iterable
from importlib import import_module

import click

MODULES = {
    "access": ("key", "user"),
    "backups": ("backup", "restore"),
    "demo": ("demo",),
    "doctor": ("doctor",),
    "knowledge": ("content", "reindex"),
    "mail": ("mail",),
    "migrating": ("migrate",),
    "reports": ("report",),
    "search": ("search",),
    "serving": ("serve",),
    "usage": (
        *("account", "adoption", "entitlement", "event", "feature", "fold", "outcome", "person"),
        *("quota", "rebuild", "term", "usage", "volume"),
    ),
    "working": ("worker",),
}
_PLACES = {name: module for module, names in MODULES.items() for name in names}


class Commands(click.Group):
    """Reads a command's module when the command is asked for: what serves holds in memory only what
    it needs itself.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(_PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _PLACES:
            return None
        return commands_of(_PLACES[cmd_name])[cmd_name]


def commands_of(module: str) -> dict[str, click.Command]:
    """Of one of these modules, by name."""
    found: Iterable[click.Command] = import_module(f"{__name__}.{module}").COMMANDS
    return {command.name or "": command for command in found}
