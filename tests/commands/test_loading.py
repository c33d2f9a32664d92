"""Commands are read one by one; a process that serves holds nothing of what it does not need."""

import subprocess
import sys

import pytest

from portal.commands import MODULES, commands_of

HOLDS = """
import pkgutil, sys
from importlib import import_module
from click import Context
from portal import blueprints
from portal.app import create_app
from portal.cli import cli
for room in pkgutil.iter_modules(blueprints.__path__):
    import_module(f"portal.blueprints.{room.name}")
assert cli.get_command(Context(cli), "serve").name == "serve"
print(*sorted({name.partition(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if name.startswith("portal.")))
"""


@pytest.mark.parametrize("module", MODULES)
def test_a_module_offers_what_the_table_says(module: str) -> None:
    assert set(commands_of(module)) == set(MODULES[module])


def test_what_serves_holds_no_tool_of_others() -> None:
    told = subprocess.run([sys.executable, "-c", HOLDS], check=True, capture_output=True, text=True)
    libraries, ours = (set(line.split()) for line in told.stdout.splitlines())
    assert "granian" in libraries
    assert not libraries & {"alembic", "mako", "rjieba", "weasyprint"}
    assert not ours & {"portal.worker", "portal.migrate", "portal.demo"}
