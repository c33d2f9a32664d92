"""What `make setup` and `make run` say when something is in the way: one clear sentence."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment, indexes, system
from scripts.console import ROOT, Stop
from scripts.environment import lock_entry
from scripts.run import _free_port, _secret_key

LOCK = """\
urllib3==2.8.0 \\
    --hash=sha256:aa
    # via requests
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via paceline (pyproject.toml)
uvloop==1.0 \\
    --hash=sha256:dd
"""
OLD_PYTHON = """\
#!/bin/sh
[ "$1" = --version ] && echo "Python 3.9.2"
[ "$1" = -c ] && exit 1
exit 0
"""


def _python_sh(path: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts/python.sh"), "-c", "print('fine')"],
        env={"PATH": path, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_package_with_its_hashes_is_cut_out_of_the_lock() -> None:
    wanted = "uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    assert lock_entry(LOCK, "uv") == wanted


def test_a_lock_without_the_package_is_told() -> None:
    with pytest.raises(Stop, match="does not name pip"):
        lock_entry(LOCK, "pip")


def test_an_environment_that_is_a_link_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It belongs to another tree, and others work with it."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").touch()
    (tmp_path / ".venv").symlink_to(other)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    environment.prepare()
    assert [one.name for one in other.iterdir()] == ["kept"]


def test_every_locked_package_has_a_hash() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [at for at, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
    assert len(pins) > 50
    assert [lines[at] for at in pins if "--hash=sha256:" not in lines[at + 1]] == []


def test_an_old_python_is_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text(OLD_PYTHON)
    old.chmod(0o755)
    done = _python_sh(str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "Paceline needs Python 3.11, 3.12 or 3.13 (found here: Python 3.9.2)"
    )
    assert done.stderr.count("\n") == 1


def test_no_python_is_one_sentence(tmp_path: Path) -> None:
    assert "there is none" in _python_sh(str(tmp_path)).stderr


def test_a_python_named_by_hand_is_used() -> None:
    done = _python_sh("/nowhere", PYTHON=sys.executable)
    assert done.stdout == "fine\n"


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop, match=rf"^Port {port} cannot be used \(Address already in use\)"):
            _free_port(str(port))


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", ""])
def test_a_port_that_is_none_is_told(text: str) -> None:
    with pytest.raises(Stop, match="is not a port"):
        _free_port(text)


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = _secret_key(tmp_path / "secret_key")
    first = file.read_text()
    assert len(first.strip()) == 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert _secret_key(file).read_text() == first


def test_the_machines_pip_configuration_reaches_uv() -> None:
    listing = (
        "global.index-url='https://pypi.example/simple'\n"
        "global.extra-index-url='https://one.example https://two.example'\n"
        ":env:.find-links='/opt/wheels'\n"
        "global.cert='/etc/ssl/ours.pem'\n"
        "global.timeout='60'\n"
    )
    assert indexes.translated(listing) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://pypi.example/simple",
        "UV_INDEX": "https://one.example https://two.example",
        "UV_FIND_LINKS": "/opt/wheels",
        "SSL_CERT_FILE": "/etc/ssl/ours.pem",
    }


def test_what_cannot_be_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_apt", lambda: None)
    wanted = {"libnever0": lambda: False, "there": lambda: True}
    with pytest.raises(Stop, match=r"^Missing for the tests: .*apt-get install libnever0`"):
        system.require(wanted, "for the tests")
