"""Markdown of authors to HTML that is safe to show, once, when a text is saved.

The parser takes seconds for `[a](` five thousand times and overflows its stack for deep lists, so
what may cost much is counted before it is called. No raw HTML is read; what comes out passes an
allow-list.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.treeprocessors import Treeprocessor

from portal.domain.errors import Invalid
from portal.domain.page_text import PageText

LARGEST = 64 * 1024
"""Bytes of UTF-8 that one text may have."""
_MOST = {"[": 500, "*": 4000, "_": 4000, "`": 2000, "\\": 2000, "<": 1000, "&": 1000, "!!!": 50}
_MOST_HEADINGS = 100
_DEEPEST = 6
_WIDEST_INDENT = 32
_MARKERS = re.compile(r"(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$)")
_LEADING = re.compile(r"^[ \t]*(?:(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$)[ \t]*)+", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_HEADING = re.compile(r"^(?:#|=+[ ]*$|-+[ ]*$)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "div", "hr", "br"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_INLINE = {"strong", "em", "code", "a"}
_CLASSES = {
    "ol": {"steps"},
    "ul": {"dash"},
    "table": {"table"},
    "blockquote": {"quote"},
    "th": {"num"},
    "td": {"num"},
    "div": {"scroll", "admonition", "note", "tip", "warning"},
    "p": {"admonition-title"},
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
    "th": {"scope"},
    "pre": {"tabindex"},
    "div": {"tabindex"},
}
_SCHEMES = {"http", "https", "mailto"}


def render(body: str) -> PageText:
    """The page of a text. Raises Invalid (member "body") for what is too large, nested too deep,
    or holds a link or an element that a text may not have.
    """
    _hold_to_caps(body)
    try:
        raw = _parser().convert(body)
    except RecursionError:
        raise _refusal("The text is nested too deep: use flat lists and quotes.") from None
    _hold_to_rules(PageText.read(raw))
    clean = nh3.clean(
        raw,
        tags=_BLOCKS | _TABLE | _INLINE,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        attribute_filter=_keep_attribute,
        link_rel=None,
    )
    return PageText.read(clean)


def link_trouble(address: str) -> str | None:
    """Why a text may not link there; None where it may. A path with two leading slashes (or what
    a browser takes for them) leads to another host.
    """
    # Browsers drop control characters and take a backslash for a slash.
    plain = re.sub(r"[\x00-\x20\x7f]", "", address).replace("\\", "/")
    if plain.startswith("//"):
        return "begins with two slashes: write https:// or one slash"
    scheme, colon, _ = plain.partition(":")
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        allowed = scheme.lower() in _SCHEMES
        return None if allowed else "may begin with https:, http: or mailto: only"
    if plain.startswith(("/", "#")):
        return None
    return "must be a whole address or a path that begins with a slash"


def _hold_to_caps(body: str) -> None:
    if len(body.encode("utf-8", "surrogatepass")) > LARGEST:
        raise _refusal(f"The text is longer than {LARGEST // 1024} kB: split it into two.")
    if _CONTROL.search(body):
        raise _refusal("The text holds a control character: type it again as plain text.")
    for mark, most in _MOST.items():
        if body.count(mark) > most:
            raise _refusal(f"The text has more than {most} times “{mark}”: split it into two.")
    if sum(1 for _ in _HEADING.finditer(body)) > _MOST_HEADINGS:
        raise _refusal(f"The text has more than {_MOST_HEADINGS} headings: split it into two.")
    if any(depth > _DEEPEST for depth in _depths(body)):
        raise _refusal("The text is nested too deep: use flat lists and quotes.")


def _depths(body: str) -> Iterator[float]:
    for leading in _LEADING.finditer(body):
        yield len(_MARKERS.findall(leading.group()))
    for indent in _INDENT.finditer(body):
        yield len(indent.group().expandtabs(4)) * _DEEPEST / _WIDEST_INDENT


def _hold_to_rules(page: PageText) -> None:
    if "h1" in page.elements:
        raise _refusal("The title is the only first-level heading: begin sections with ##.")
    if "img" in page.elements:
        raise _refusal("A text holds no images.")
    for address in page.links:
        trouble = link_trouble(address)
        if trouble:
            raise _refusal(f"The link “{address[:80]}” {trouble}.")


def _refusal(words: str) -> Invalid:
    return Invalid(words, fields={"body": words})


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and link_trouble(value):
        return None
    return value


def _parser() -> Markdown:
    parser = Markdown(
        extensions=["admonition", TableExtension(), TocExtension(marker="", slugify=_anchor)]
    )
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    # After the inline patterns (20) and before the tree is printed.
    parser.treeprocessors.register(_Shape(parser), "shape", 15)
    return parser


def _anchor(words: str, separator: str) -> str:
    # The prefix keeps headings off the ids of the frame.
    return "s-" + slugify_unicode(words, separator)


class _Shape(Treeprocessor):
    """Gives the elements the classes of our components. The content of a numbered step stands in
    a block of its own, beside its number.
    """

    def run(self, root: Element) -> None:
        shapes: dict[str, Callable[[Element], None]] = {
            "ol": _shape_steps,
            "ul": lambda element: element.set("class", "dash"),
            "blockquote": lambda element: element.set("class", "quote"),
            "pre": lambda element: element.set("tabindex", "0"),
            "table": _shape_table,
        }
        for element in list(root):
            if element.tag in shapes:
                shapes[element.tag](element)
        _wrap_tables(root)


def _shape_steps(steps: Element) -> None:
    steps.set("class", "steps")
    for step in steps:
        inner = Element("div")
        inner.text, step.text = step.text, None
        inner.extend(list(step))
        for child in list(step):
            step.remove(child)
        step.append(inner)


def _shape_table(table: Element) -> None:
    table.set("class", "table")
    rows = [list(row) for row in table.iter("tr")]
    for head in rows[0]:
        head.set("scope", "col")
    for cells in zip(*rows, strict=False):
        if all(_is_figure(cell) for cell in cells[1:]):
            for cell in cells:
                cell.set("class", "num")


def _is_figure(cell: Element) -> bool:
    return bool(re.match(r"\s*[−±+-]?\d", "".join(cell.itertext())))


def _wrap_tables(root: Element) -> None:
    for place, element in enumerate(list(root)):
        if element.tag == "table":
            wrapper: Any = Element("div", {"class": "scroll", "tabindex": "0"})
            root.remove(element)
            wrapper.append(element)
            root.insert(place, wrapper)
