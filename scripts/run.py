"""`make run`: the whole portal on this machine, with the demo, until Ctrl-C."""

import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts import bootstrap, environment
from scripts.console import ROOT, Stop, say, start
from scripts.processes import Crew

PACELINE = environment.BIN / "paceline"
READY_SECONDS = 60
READY, NOTHING = "ready", "nothing"


@dataclass(frozen=True)
class Place:
    """Where this run keeps its data and can be reached."""

    port: int
    data: Path
    environ: dict[str, str]

    @property
    def address(self) -> str:
        return _setting("PACELINE_PUBLIC_URL", f"http://127.0.0.1:{self.port}")

    @property
    def shows_demo(self) -> bool:
        """Never by itself in production."""
        return self.environ.get("PACELINE_ENVIRONMENT") == "development"

    @property
    def logins(self) -> Path:
        return self.data / "demo-logins.txt"

    @property
    def logs(self) -> Path:
        return self.data / "log"


def main() -> int:
    port = _free_port(_setting("PACELINE_PORT", "8000"))
    bootstrap.ensure()
    place = _place(port)
    _prepare_data(place)
    with Crew(place.environ, place.logs) as crew:
        # One process answers the demo well, and is ready sooner than two.
        crew.add("web", PACELINE, "serve", "--workers", "1")
        _wait_until(place, crew, lambda answer: answer != NOTHING)
        # Only now, so that it doesn't slow the first; a queue that has aged is ready only with it.
        crew.add("worker", PACELINE, "worker")
        _wait_until(place, crew, lambda answer: answer == READY)
        say(_welcome(place))
        crew.watch()
    return 0


def _setting(name: str, default: str) -> str:
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name) or default
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise Stop(f"{name}_FILE: cannot read {file}: {failure.strerror}") from None


def _free_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the last port there is
        raise Stop(f"PACELINE_PORT: {text} is not a port; 8000 would be one")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_setting("PACELINE_HOST", "127.0.0.1"), int(text)))
        except OSError as failure:
            raise Stop(
                f"Port {text} cannot be used ({failure.strerror}): stop what uses it, "
                "or pick another with `PACELINE_PORT=8001 make run`"
            ) from None
    return int(text)


def _place(port: int) -> Place:
    data = Path(_setting("PACELINE_DATA_DIR", str(ROOT / "var"))).absolute()
    (data / "log").mkdir(parents=True, exist_ok=True)
    defaults = {
        "PACELINE_ENVIRONMENT": "development",
        "PACELINE_DATA_DIR": str(data),
        "PACELINE_PORT": str(port),
        "PACELINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    if not os.environ.get("PACELINE_SECRET_KEY"):
        defaults["PACELINE_SECRET_KEY_FILE"] = str(_secret_key(data / "secret_key"))
    unset = {name: value for name, value in defaults.items() if not os.environ.get(f"{name}_FILE")}
    return Place(port, data, environment.variables(**{**unset, **_set(unset)}))


def _set(names: dict[str, str]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def _secret_key(file: Path) -> Path:
    """A key of this machine's own, made once, for its owner's eyes only."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
            output.write(secrets.token_hex(32) + "\n")
    return file


def _prepare_data(place: Place) -> None:
    commands = ["migrate"]
    if place.shows_demo:
        commands += ["demo --if-empty", f"demo --logins > {place.logins}"]
    python = environment.BIN / "python"
    done = subprocess.run(
        [python, "-m", "scripts.commands", *commands], env=place.environ, check=False
    )
    if done.returncode:
        raise Stop("The database could not be prepared, for the reason above")


def _wait_until(place: Place, crew: Crew, is_fine: Callable[[str], bool]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_fine(answer := _readiness(place.port)):
        crew.check()
        if time.monotonic() > deadline:
            raise Stop(f"Not ready after {READY_SECONDS} s; the web process answers {answer}")
        time.sleep(0.05)


def _readiness(port: int) -> str:
    """READY, NOTHING, or what /readyz says instead. Asked directly: no proxy stands before it."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return READY
    except urllib.error.HTTPError as refusal:
        return f"{refusal.code} {refusal.read(500).decode(errors='replace')}"
    except OSError:
        return NOTHING


def _welcome(place: Place) -> str:
    lines = ["", f"Paceline is ready: {place.address}", ""]
    if place.shows_demo:
        lines += [place.logins.read_text(encoding="utf-8").rstrip(), ""]
    if not _setting("PACELINE_SMTP_URL", ""):
        lines.append(
            "Mails are kept, not sent, as PACELINE_SMTP_URL is not set: the admin reads them at "
            f"{place.address}/admin/mails"
        )
    return "\n".join([*lines, f"Logs: {_shown(place.logs)}. Ctrl-C stops everything."])


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    start(main)
