"""The virtual environment: made, filled from the lock file with hashes, and left alone after."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from scripts import indexes, system
from scripts.console import ROOT, Stop, logged, say

VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCK = ROOT / "requirements.lock"
LOG = ROOT / "var" / "log" / "setup.log"
TRANSLATIONS = ROOT / "portal" / "translations"
PACKAGES_STAMP = VENV / ".packages"
PROJECT_STAMP = VENV / ".project"
Command = list[str | Path]


def prepare() -> bool:
    """Makes everything that is not there yet; whether there was anything to do. An environment
    that is a link belongs to another tree, and others work with it: it stays as it is.
    """
    if VENV.is_symlink():
        return compile_catalogues()
    _make_venv()
    changed = _install_packages()
    changed = _install_project() or changed
    return compile_catalogues() or changed


def _make_venv() -> None:
    if (BIN / "python").exists() and _read(VENV / ".place") == str(ROOT):
        return
    if importlib.util.find_spec("ensurepip") is None:
        _install_venv_module()
    say(f"Making .venv with Python {sys.version.split()[0]}")
    if not logged([sys.executable, "-m", "venv", "--clear", VENV], LOG):
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop(f"Could not make .venv: see {LOG.relative_to(ROOT)}")
    (VENV / ".place").write_text(str(ROOT))


def _install_venv_module() -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    say(f"Installing {package} (this Python cannot make virtual environments without it)")
    system.install([package])
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop(f"Python's venv module is missing: {system.advice([package])}")


def _install_packages() -> bool:
    wanted = _digest(LOCK)
    if _read(PACKAGES_STAMP) == wanted:
        return False
    PACKAGES_STAMP.unlink(missing_ok=True)
    PROJECT_STAMP.unlink(missing_ok=True)
    say("Installing the Python packages of requirements.lock")
    began = time.monotonic()
    _install_uv()
    _sync()
    say(f"Python packages are there ({time.monotonic() - began:.0f} s)")
    PACKAGES_STAMP.write_text(wanted)
    return True


def _install_uv() -> None:
    """uv, itself from the lock file: it fills the environment several times faster than pip."""
    only_uv = VENV / "uv.lock"
    only_uv.write_text(lock_entry(LOCK.read_text(encoding="utf-8"), "uv"))
    if not logged([*_pip(), "--require-hashes", "-r", only_uv], LOG):
        raise Stop(
            "Could not download Python packages: is there a network, and does pip reach its index? "
            f"Details: {LOG.relative_to(ROOT)}"
        )


def _sync() -> None:
    sync: Command = [BIN / "uv", "pip", "sync", "--python", BIN / "python", "--compile-bytecode"]
    by_uv = logged([*sync, "--require-hashes", LOCK], LOG, environ=indexes.for_uv(BIN / "python"))
    if by_uv or logged([*_pip(), "--require-hashes", "-r", LOCK], LOG):
        return
    raise Stop(
        "Could not install the Python packages: is there a network, and room on the disk? "
        f"Details: {LOG.relative_to(ROOT)}"
    )


def _pip() -> Command:
    return [BIN / "python", "-m", "pip", "install", "-q", "--retries", "2"]


def _install_project() -> bool:
    """Paceline itself, editable: no dependencies and no downloads, setuptools is in the lock."""
    wanted = _digest(ROOT / "pyproject.toml")
    if _read(PROJECT_STAMP) == wanted:
        return False
    command: Command = [
        BIN / "uv",
        "pip",
        "install",
        "--python",
        BIN / "python",
        "--offline",
        "--no-deps",
    ]
    if not logged([*command, "--no-build-isolation", "-e", "."], LOG):
        raise Stop(f"Could not install Paceline into .venv: see {LOG.relative_to(ROOT)}")
    PROJECT_STAMP.write_text(wanted)
    return True


def compile_catalogues() -> bool:
    """Message catalogues (*.po → *.mo) that are older than their source."""
    sources = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    stale = [source for source in sources if _is_older(source.with_suffix(".mo"), source)]
    for source in stale:
        locale = source.parent.parent.name
        command: Command = [BIN / "pybabel", "-q", "compile", "-i", source, "-l", locale]
        if not logged([*command, "-o", source.with_suffix(".mo")], LOG):
            raise Stop(f"Could not compile {source.relative_to(ROOT)}: see {LOG.relative_to(ROOT)}")
    return bool(stale)


def run(command: Command) -> int:
    """A command of the environment, in the foreground."""
    return subprocess.run([str(word) for word in command], check=False).returncode


def variables(**extra: str) -> dict[str, str]:
    """The environment variables of programs that run in the virtual environment."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), **extra}


def lock_entry(lock: str, name: str) -> str:
    """The lines of one package in the lock file: its pin and its hashes."""
    lines: list[str] = []
    for line in lock.splitlines():
        if line.startswith(f"{name}=="):
            lines = [line]
        elif lines and line.startswith("    --hash"):
            lines.append(line)
        elif lines:
            break
    if not lines:
        raise Stop(f"requirements.lock does not name {name}: run `make lock` where it works")
    return "\n".join(lines).rstrip("\\ ") + "\n"


def _is_older(product: Path, source: Path) -> bool:
    return not product.exists() or product.stat().st_mtime < source.stat().st_mtime


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes() + str(ROOT).encode()).hexdigest()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
