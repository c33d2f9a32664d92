"""The snippets of README and docs/clients.md, run as they are written against a running portal."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.models import UsageName
from portal.services.api_keys import create_key
from portal.tenancy import system_scope
from tests.processes.intake import fold, refused, write_key
from tests.processes.node import install_clients, run
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "docs" / "clients.md")
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
SUMS = re.compile(r'curl -H "Authorization: (.+?)" (\S+/usage-days) \\\n +-d \'(.+)\'\n')
PATIENCE_SECONDS = 300


def snippets(kind: str) -> list[str]:
    found = (block for page in PAGES for block in BLOCK.findall(page.read_text("utf-8")))
    return [dedent(text) for language, text in found if language == kind]


def here(text: str, portal: PortalProcess, secret: str) -> str:
    """With this portal, this key and an account of the cast."""
    words = {
        "https://success.example.com": portal.address,
        "the key": secret,
        "$API_KEY": secret,
        "oskelund": OSKELUND.key,
    }
    for word, own in words.items():
        text = text.replace(word, own)
    return text


def run_python(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def run_node(text: str) -> None:
    """Beside the node_modules that it imports from."""
    run(["--input-type=module", "--eval", text], install_clients())


RUNS = {"python": run_python, "js": run_node}


def arrived(database: Database) -> dict[str, int]:
    with database.session(system_scope(datetime.now(UTC), "test")) as session:
        rows = session.execute(
            select(UsageName.name, func.sum(UsageName.events)).group_by(UsageName.name)
        )
        return {name: int(events) for name, events in rows}


@pytest.mark.processes
def test_each_client_sends_its_event(portal: PortalProcess, database: Database) -> None:
    secret, count = write_key(database), 0
    for kind, run_one in RUNS.items():
        for text in snippets(kind):
            run_one(here(text, portal, secret))
            count += 1
    fold(database)
    assert count == 7
    assert (arrived(database), refused(database)) == ({"report_shared": count}, {})


@pytest.mark.processes
def test_sums_are_told(portal: PortalProcess, database: Database) -> None:
    with database.session(system_scope(datetime.now(UTC), "test"), writes=True) as session:
        secret = create_key(session, "Nightly", "api").secret
    commands = [SUMS.fullmatch(here(text, portal, secret)) for text in snippets("sh")]
    (command,) = filter(None, commands)
    authorization, address, body = command.groups()
    headers = {"Authorization": authorization, "Content-Type": "application/json"}
    path = address.removeprefix(portal.address)
    status, said = portal.ask("POST", path, body.encode(), headers)
    assert (status, json.loads(said)["added"]) == (200, 1)
