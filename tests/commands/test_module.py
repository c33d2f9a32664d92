"""The command as a module, as a serving process calls it to build the index anew."""

import runpy
import sys

import pytest

from portal.web.search_index import REBUILD


def test_the_module_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert REBUILD[:2] == (sys.executable, "-m")
    monkeypatch.delitem(sys.modules, REBUILD[2], raising=False)
    monkeypatch.setattr(sys, "argv", ["paceline", REBUILD[3], "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(REBUILD[2], run_name="__main__")
    assert ended.value.code == 0
    assert "Build the search index" in capsys.readouterr().out
