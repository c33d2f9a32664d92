"""`make` targets: each one named exists, each one that exists is named."""

import re

import pytest

from tests.docs.reading import ROOT, all_code

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE))
NAMED = re.compile(r"\bmake ([a-z]+)")


def _named() -> set[tuple[str, str]]:
    return {(name, target) for name, code in all_code() for target in NAMED.findall(code)}


@pytest.mark.parametrize(("document", "target"), sorted(_named()))
def test_a_named_target_exists(document: str, target: str) -> None:
    assert target in TARGETS, f"{document} names `make {target}`"


def test_every_target_is_documented() -> None:
    assert TARGETS - {target for _, target in _named()} == set()


def test_every_target_is_phony() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony[0].split()) == TARGETS
