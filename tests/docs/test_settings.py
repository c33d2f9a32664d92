"""PACELINE_* settings: each one named exists, each one that exists has a row of a table."""

import re

import pytest

from portal.config import Settings
from tests.docs.reading import ROOT, all_code, all_first_cells

KNOWN = {f"PACELINE_{field.upper()}" for field in Settings.model_fields}
# Read by the tests' set-up, not by the portal.
OF_TESTS = {"PACELINE_TEST_POSTGRES", "PACELINE_TEST_CHROMIUM"}
NAME = re.compile(r"\bPACELINE_[A-Z][A-Z_]*[A-Z]\b")


def _named() -> set[tuple[str, str]]:
    return {(name, setting) for name, code in all_code() for setting in NAME.findall(code)}


@pytest.mark.parametrize(("document", "setting"), sorted(_named()))
def test_a_named_setting_exists(document: str, setting: str) -> None:
    assert setting.removesuffix("_FILE") in KNOWN | OF_TESTS, f"{document} names {setting}"


@pytest.mark.parametrize("setting", sorted(KNOWN))
def test_every_setting_has_a_row(setting: str) -> None:
    assert setting in all_first_cells(), f"No table row begins with `{setting}`"


@pytest.mark.parametrize("setting", sorted(OF_TESTS))
def test_every_setting_of_the_tests_is_read_somewhere(setting: str) -> None:
    folders = (ROOT / "scripts", ROOT / "tests")
    files = [file for folder in folders for file in folder.rglob("*.py")]
    others = [file for file in files if file.parent.name != "docs"]
    assert any(setting in file.read_text(encoding="utf-8") for file in others)
