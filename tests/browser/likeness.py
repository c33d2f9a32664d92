"""What axe-core looks at in a page besides its words: which pages are alike to it.

The likeness of a page is that of its frame (header, navigation, footer) and of its content. Rows
of a list or a table that are built alike count once; words, names and addresses do not count, but
whether there are any does.
"""

import re

from playwright.sync_api import Page

FRAME_AND_CONTENT = """() => {
  const plain = /^(class|role|type|tabindex|scope|lang|dir|fill|stroke|opacity)$/;
  const states = /^aria-(atomic|busy|checked|current|disabled|expanded|hidden|invalid|live|sort)$/;
  const rows = new Set(["ul", "ol", "dl", "tbody", "tr", "svg", "g", "select", "datalist"]);
  const main = document.querySelector("main");
  const attribute = ({name, value}) =>
    plain.test(name) || states.test(name) ? `${name}=${value}` : name + (value.trim() ? "" : "=");
  const told = (node, without) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "·" : "";
    if (node.nodeType !== Node.ELEMENT_NODE || node === without) return "";
    const name = node.localName;
    let inner = [...node.childNodes].map((child) => told(child, without)).filter(Boolean);
    if (rows.has(name)) inner = [...new Set(inner)];
    const facts = [...node.attributes].map(attribute).sort().join(" ");
    return `<${name} ${facts}>${inner.join("")}</>`;
  };
  return [told(document.body, main), main ? told(main, null) : ""];
}"""

# Nobody sees them, and tokens are others in each answer.
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
# Where the frame leads from here says nothing about how it looks.
ADDRESSES = re.compile(r' (?:href|action|value)="[^"]*"')


class Likeness:
    """Remembers the parts of pages that were seen: how they are built, and what they say."""

    def __init__(self) -> None:
        self._frames: set[int] = set()
        self._contents: set[int] = set()

    def is_new(self, page: Page) -> bool:
        """Whether the frame or the content is built unlike all before; remembers both."""
        return self._add(*page.evaluate(FRAME_AND_CONTENT))

    def says_something_new(self, html: str) -> bool:
        """Whether frame or content of a page's source differ from all before; remembers both."""
        body = HIDDEN.sub("", html).partition("<body")[2]
        before, _, rest = body.partition("<main")
        content, _, after = rest.partition("</main>")
        return self._add(ADDRESSES.sub("", before + after), content)

    def _add(self, frame: str, content: str) -> bool:
        new = hash(frame) not in self._frames or hash(content) not in self._contents
        self._frames.add(hash(frame))
        self._contents.add(hash(content))
        return new
