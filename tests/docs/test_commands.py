"""`paceline` commands and their options: those named exist, those that exist have a row."""

import re
from collections.abc import Iterator

import click
import pytest

from portal.cli import cli
from tests.docs.reading import all_code, all_first_cells

USE = re.compile(r"(?:^|[ /])paceline ([a-z].*)$")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
OPTIONS_OF_ALL = {"--help", "--version"}


def _named(group: click.Group, name: str) -> click.Command | None:
    return group.get_command(click.Context(group), name)


def _leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(click.Context(group)):
        command = _named(group, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _leaves(command, (*path, name))
        elif not command.hidden:
            yield (*path, name)


def _uses() -> list[tuple[str, str]]:
    found = ((name, USE.search(code)) for name, code in all_code())
    return sorted({(name, match.group(1).partition("#")[0]) for name, match in found if match})


def _find(words: list[str]) -> click.Command | None:
    command: click.Command = cli
    for word in words:
        if not isinstance(command, click.Group):
            return command
        found = _named(command, word)
        if found is None:
            return None
        command = found
    return None if isinstance(command, click.Group) else command


@pytest.mark.parametrize(("document", "use"), _uses())
def test_a_named_command_exists(document: str, use: str) -> None:
    command = _find(use.split())
    assert command is not None, f"{document} names `paceline {use}`"
    known = {word for parameter in command.params for word in parameter.opts} | OPTIONS_OF_ALL
    known |= {word for parameter in command.params for word in parameter.secondary_opts}
    assert set(OPTION.findall(use)) <= known, f"{document} names `paceline {use}`"


@pytest.mark.parametrize("path", sorted(_leaves(cli)), ids=" ".join)
def test_every_command_has_a_row(path: tuple[str, ...]) -> None:
    name = f"paceline {' '.join(path)}"
    rows = {cell for cell in all_first_cells() if cell == name or cell.startswith(f"{name} ")}
    assert rows, f"No table row begins with `{name}`"


@pytest.mark.parametrize("path", sorted(_leaves(cli)), ids=" ".join)
def test_every_command_says_what_it_does(path: tuple[str, ...]) -> None:
    command = _find(list(path))
    assert command is not None
    assert command.help
