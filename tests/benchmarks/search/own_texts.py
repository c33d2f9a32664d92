"""Questions about the texts that Paceline ships, worded as users would and not as the texts are."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import frontmatter

from portal.search import Document, Engine

CONTENT = Path(__file__).parents[3] / "content"
QUESTIONS = Path(__file__).with_name("questions.csv")
_PUBLIC = frozenset({"public"})
_FIRST = 3
_MARKS = re.compile(r"[#*_>`|\[\]]")


def read_texts(folder: Path = CONTENT) -> list[Document]:
    return list(_documents(folder))


def found_in_first_three(engine: Engine, *, other_language_only: bool) -> tuple[int, int]:
    """(found, asked); `other_language_only` hides every text in the question's own language."""
    found = asked = 0
    names = {one.id: one.item_id for one in read_texts()}
    for row in csv.DictReader(QUESTIONS.open(encoding="utf-8")):
        own = row["locale"].split("-")[0]
        hidden = {name for name in names if name.rsplit(".", 1)[1].split("-")[0] == own}
        results = engine.search(
            row["question"],
            locale=row["locale"],
            audiences=_PUBLIC,
            limit=_FIRST,
            withdrawn=frozenset(hidden if other_language_only else ()),
            by_meaning=True,
        )
        asked += row["slug"] in names.values()
        found += row["slug"] in {hit.item_id for hit in results.hits}
    return found, asked


def _documents(folder: Path) -> Iterator[Document]:
    for file in sorted(folder.glob("*/*.*.md")):
        slug, locale, _ = file.name.rsplit(".", 2)
        text = frontmatter.load(str(file))
        yield Document(
            id=f"{slug}.{locale}",
            item_id=slug,
            locale=locale,
            type=file.parent.name,
            title=str(text.get("title", "")),
            summary=str(text.get("summary", "")),
            body=_MARKS.sub(" ", text.content),
            audience=_PUBLIC,
        )
