"""The tree of a text in the shapes of our components: steps, tables, callouts, images, videos.

Runs after the words inside of the blocks were read, and before the tree is printed.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor

from portal.domain.knowledge_files import key_of, size_of

# Who shows videos, by the host of the link. Such a link alone in its paragraph becomes a card;
# nothing is loaded from there before the reader follows it.
PROVIDERS = {
    **dict.fromkeys(("www.youtube.com", "youtube.com", "youtu.be"), "YouTube"),
    **dict.fromkeys(("vimeo.com", "player.vimeo.com"), "Vimeo"),
    **dict.fromkeys(("www.bilibili.com", "b23.tv"), "Bilibili"),
    "v.youku.com": "Youku",
    "v.qq.com": "Tencent Video",
    **dict.fromkeys(("www.loom.com", "loom.com"), "Loom"),
}
KINDS = ("note", "good", "watch", "risk")
_ALSO = {"tip": "good", "important": "note", "warning": "watch", "caution": "risk"}
CALLOUT_WORDS = {
    "en": {"note": "Note", "good": "Good to know", "watch": "Watch out", "risk": "Risk"},
    "zh-Hans": {"note": "说明", "good": "小窍门", "watch": "注意", "risk": "风险"},
    "zh-Hant": {"note": "說明", "good": "小訣竅", "watch": "注意", "risk": "風險"},
}
_TASK = re.compile(r"\[([ xX])\] +")
_SPEAKER = re.compile(r"(?:—|――?|——)\s*")
_FIGURE = re.compile(r"\s*[−±+-]?\d")


class Shape(Treeprocessor):
    """Gives the elements the classes of our components."""

    def __init__(self, parser: Any, locale: str) -> None:
        super().__init__(parser)
        self._words = CALLOUT_WORDS.get(locale, CALLOUT_WORDS["en"])

    def run(self, root: Element) -> None:
        _shape_media(root)
        for callout in list(root.iter()):
            if callout.tag == "details" or "admonition" in callout.get("class", "").split():
                self._shape_callout(callout)
        for element in list(root):
            if element.tag == "ol":
                _shape_steps(element)
            elif element.tag == "ul":
                _shape_list(element)
            elif element.tag == "blockquote":
                _shape_quote(element)
            elif element.tag == "pre":
                element.set("tabindex", "0")
            elif element.tag == "table":
                _shape_table(element)
        _wrap_tables(root)

    def _shape_callout(self, callout: Element) -> None:
        """Its own title, or the word for its kind: the kind is never said by colour alone."""
        given = callout.get("class", "").split()[-1]
        kind = given if given in KINDS else _ALSO.get(given, "note")
        callout.tag = "div"
        callout.set("class", f"callout {kind}")
        callout.set("role", "note")
        title = next(iter(callout), None)
        if title is not None and (title.tag == "summary" or title.get("class")):
            title.tag = "p"
            title.set("class", "callout-title")
            if "".join(title.itertext()).strip().lower() in {"", given}:
                title.text = self._words[kind]


# --- lists, quotes, tables --------------------------------------------------------------------


def _shape_steps(steps: Element) -> None:
    """The content of a numbered step stands in a block of its own, beside its number."""
    steps.set("class", "steps")
    for step in steps:
        inner = Element("div")
        inner.text, step.text = step.text, None
        inner.extend(list(step))
        for child in list(step):
            step.remove(child)
        step.append(inner)


def _shape_list(items: Element) -> None:
    items.set("class", "dash")
    if not len(items) or not all(_TASK.match(_begin(item).text or "") for item in items):
        return
    items.set("class", "ticks")
    for item in items:
        first = _begin(item)
        text = first.text or ""
        mark = _TASK.match(text)
        if mark is not None:
            item.set("class", "open" if mark[1] == " " else "done")
            first.text = text[mark.end() :]


def _begin(item: Element) -> Element:
    return item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item


def _shape_quote(quote: Element) -> None:
    """A last paragraph that begins with a long dash says who spoke."""
    quote.set("class", "quote")
    last = quote[-1] if len(quote) else None
    mark = _SPEAKER.match(last.text or "") if last is not None and last.tag == "p" else None
    if last is not None and mark is not None:
        last.tag, last.text = "footer", (last.text or "")[mark.end() :]


def _shape_table(table: Element) -> None:
    table.set("class", "table")
    rows = [list(row) for row in table.iter("tr")]
    for head in rows[0]:
        head.set("scope", "col")
    for cells in zip(*rows, strict=False):
        if all(_FIGURE.match("".join(cell.itertext())) for cell in cells[1:]):
            for cell in cells:
                cell.set("class", "num")


def _wrap_tables(root: Element) -> None:
    for place, element in enumerate(list(root)):
        if element.tag == "table":
            wrapper: Any = Element("div", {"class": "scroll", "tabindex": "0"})
            root.remove(element)
            wrapper.append(element)
            root.insert(place, wrapper)


# --- images and videos ------------------------------------------------------------------------


class _Only(NamedTuple):
    paragraph: Element
    child: Element


def _shape_media(root: Element) -> None:
    for image in root.iter("img"):
        key = key_of(image.get("src", ""))
        if key is not None:
            width, height = size_of(key)
            image.set("width", str(width))
            image.set("height", str(height))
        image.set("loading", "lazy")
        image.set("decoding", "async")
    for paragraph, child in _single(root):
        if child.tag == "img":
            _shape_figure(paragraph, child)
        elif child.tag == "a":
            _shape_video(paragraph, child)


def _single(root: Element) -> Iterator[_Only]:
    """Paragraphs that hold one element and no words beside it."""
    for paragraph in list(root.iter("p")):
        if len(paragraph) == 1:
            beside = (paragraph.text or "") + (paragraph[0].tail or "")
            if not beside.strip():
                yield _Only(paragraph, paragraph[0])


def _shape_figure(paragraph: Element, image: Element) -> None:
    """An image alone; what stands in quotes behind its address is its caption."""
    paragraph.tag = "figure"
    paragraph.set("class", "picture")
    caption = image.attrib.pop("title", "")
    if caption:
        SubElement(paragraph, "figcaption").text = caption


def _shape_video(paragraph: Element, link: Element) -> None:
    """The title in bold, who shows it and how long it is; the length stands in quotes."""
    provider = provider_of(link.get("href", ""))
    if provider is None:
        return
    paragraph.set("class", "video")
    link.set("rel", "noreferrer noopener")
    title = Element("b")
    title.text = link.text
    title.extend(list(link))
    for child in list(link):
        link.remove(child)
    link.text = None
    link.append(title)
    title.tail = " "
    length = link.attrib.pop("title", "").strip()
    SubElement(link, "span").text = " · ".join(filter(None, (provider, length)))


def provider_of(address: str) -> str | None:
    """Who shows the video behind a link; None for any other page."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    return PROVIDERS.get(host) if parts.scheme == "https" else None
