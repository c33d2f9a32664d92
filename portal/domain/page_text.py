"""What stands in a page of the knowledge hub, read back from its HTML: words, headings, links and
the first table that compares before with after.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BREAKS = {
    *("p", "h1", "h2", "h3", "h4", "li", "tr", "td", "th", "blockquote", "pre", "div", "br"),
    *("figure", "figcaption", "footer"),
}
_HEADINGS = {"h2", "h3", "h4"}
_COLUMNS, _LONGEST_FIGURE = 3, 16
_FIGURE = re.compile(r"[−±+-]?\d")


@dataclass(frozen=True, slots=True)
class PageText:
    """`text` is plain, a line a block. `outline` holds (id, words) of the second-level headings.
    `comparison`: the head and the rows (measure, before, after) of the first table that compares
    figures; empty where there is none. `images`: (address, words in its place).
    """

    html: str
    text: str
    outline: list[list[str]] = field(default_factory=list)
    comparison: list[list[str]] = field(default_factory=list)
    links: tuple[str, ...] = ()
    elements: frozenset[str] = frozenset()
    images: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, html: str) -> "PageText":
        reader = _Reader()
        reader.feed(html)
        reader.close()
        lines = (re.sub(r"[ \t]+", " ", line).strip() for line in reader.text.split("\n"))
        return cls(
            html=html,
            text="\n".join(line for line in lines if line),
            outline=reader.outline,
            comparison=next(filter(_compares, reader.tables), []),
            links=tuple(reader.links),
            elements=frozenset(reader.elements),
            images=tuple(reader.images),
        )


def _compares(table: list[list[str]]) -> bool:
    return len(table) > 1 and all(
        len(row) == _COLUMNS
        and all(_FIGURE.match(cell) and len(cell) <= _LONGEST_FIGURE for cell in row[1:])
        for row in table[1:]
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.outline: list[list[str]] = []
        self.tables: list[list[list[str]]] = []
        self.links: list[str] = []
        self.elements: set[str] = set()
        self.images: list[tuple[str, str]] = []
        self._taking: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.add(tag)
        if tag in _BREAKS:
            self.text += "\n"
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "img":
            self.images.append((given.get("src") or "", given.get("alt") or ""))
        elif tag == "h2":
            self._taking = [given.get("id") or "", ""]
            self.outline.append(self._taking)
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self._taking = self.tables[-1][-1]
            self._taking.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS and self.text[-1:].isalnum():
            # A passage runs over it: "Pains: Every depot closed its month in its own way".
            self.text += ":"
        if tag in _BREAKS:
            self.text += "\n"
        if tag in {"h2", "td", "th"}:
            self._taking = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._taking:
            self._taking[-1] += data
