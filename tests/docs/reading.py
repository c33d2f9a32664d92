"""What the documents say, in code: the spans, and the rows of tables whose first cell is one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^ {4,}(?=\S)(.*)$", re.MULTILINE)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Document:
    name: str
    text: str

    def code(self) -> Iterator[str]:
        """Each inline span and each line of a fenced or indented block."""
        for block in FENCE.findall(self.text):
            yield from (line.strip() for line in block.splitlines())
        rest = FENCE.sub("", self.text)
        yield from (line.strip() for line in INDENTED.findall(rest))
        yield from SPAN.findall(INDENTED.sub("", rest))

    def first_cells(self) -> Iterator[str]:
        """The code in the first cell of each table row."""
        for line in self.text.splitlines():
            if line.startswith("| `"):
                yield SPAN.findall(line)[0]


def documents() -> list[Document]:
    files = [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    ]
    return [Document(file.name, file.read_text(encoding="utf-8")) for file in files]


def all_code() -> list[tuple[str, str]]:
    """(document, code) of everything that is set as code in the documents."""
    return [(document.name, code) for document in documents() for code in document.code()]


def all_first_cells() -> set[str]:
    return {cell for document in documents() for cell in document.first_cells()}
