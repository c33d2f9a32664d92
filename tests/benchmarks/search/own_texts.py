"""Questions about the texts that Paceline ships, worded as users would and not as the texts are."""

import csv
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import frontmatter

from portal.search import Document, Engine

CONTENT = Path(__file__).parents[3] / "content"
QUESTIONS = Path(__file__).with_name("questions.csv")
_PUBLIC = frozenset({"public"})
_FIRST = 3
_PARTS = 5
_MARKS = re.compile(r"[#*_>`|\[\]]")


def read_texts(folder: Path = CONTENT) -> list[Document]:
    return list(_documents(folder))


def found_in_first_three(engine: Engine, *, other_language_only: bool) -> tuple[int, int]:
    """(found, asked); `other_language_only` hides every text in the question's own language, and
    learns no words from both versions of the text that is asked for.
    """
    texts = read_texts()
    names = {one.item_id: number for number, one in enumerate(texts)}
    rows = [row for row in csv.DictReader(QUESTIONS.open(encoding="utf-8")) if row["slug"] in names]
    if not other_language_only:
        _learn(engine, texts)
        return sum(_is_found(engine, row, frozenset()) for row in rows), len(rows)
    found = 0
    for own, part in product(("en", "zh"), range(_PARTS)):
        asked = {item for item, number in names.items() if number % _PARTS == part}
        _learn(engine, [one for one in texts if one.item_id not in asked or _spoken(one) != own])
        hidden = frozenset(one.id for one in texts if _spoken(one) == own)
        found += sum(
            _is_found(engine, row, hidden)
            for row in rows
            if row["slug"] in asked and row["locale"].partition("-")[0] == own
        )
    return found, len(rows)


def _learn(engine: Engine, texts: list[Document]) -> None:
    engine.rebuild(texts, 1)
    engine.learn()


def _spoken(text: Document) -> str:
    return text.locale.partition("-")[0]


def _is_found(engine: Engine, row: dict[str, str], hidden: frozenset[str]) -> bool:
    results = engine.search(
        row["question"],
        locale=row["locale"],
        audiences=_PUBLIC,
        limit=_FIRST,
        withdrawn=hidden,
        by_meaning=True,
    )
    return row["slug"] in {hit.item_id for hit in results.hits}


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
