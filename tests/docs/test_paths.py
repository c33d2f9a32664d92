"""Files that the documents name exist, and no document was left half merged."""

import re

import pytest

from tests.docs.reading import ROOT, Document, documents

HOUSE = [
    Document(name, (ROOT / name).read_text(encoding="utf-8"))
    for name in ("ARCHITECTURE.md", "DECISIONS.md")
]
SOURCE = re.compile(r"[\w./-]+/[\w-]+\.py")
MARKER = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def _named() -> set[tuple[str, str]]:
    return {
        (document.name, code)
        for document in (*documents(), *HOUSE)
        for code in document.code()
        if SOURCE.fullmatch(code)
    }


@pytest.mark.parametrize(("document", "path"), sorted(_named()))
def test_a_named_file_exists(document: str, path: str) -> None:
    """Within portal/ it may be named from there."""
    assert (ROOT / path).exists() or (ROOT / "portal" / path).exists(), document


@pytest.mark.parametrize("document", [*documents(), *HOUSE], ids=lambda one: one.name)
def test_a_document_is_wholly_merged(document: Document) -> None:
    assert MARKER.findall(document.text) == []
