"""Markdown of authors to HTML that is safe to show, once, when a text is saved.

What may cost much is counted before the parser is called (markdown_caps.py). No raw HTML is read;
what comes out passes an allow-list. What is allowed stands in content/README.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nh3
from markdown import Markdown
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from pymdownx.quotes import QuotesExtension

from portal.domain.knowledge_files import key_of
from portal.domain.markdown_caps import LARGEST, hold_to_caps, refusal
from portal.domain.markdown_shapes import KINDS, Shape
from portal.domain.page_text import PageText

__all__ = ["LARGEST", "Trouble", "link_trouble", "preview", "render"]

_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "footer", "pre", "div", "hr"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_MEDIA = {"figure", "figcaption", "img"}
_INLINE = {"strong", "b", "em", "code", "a", "span", "br"}
_CLASSES = {
    "ol": {"steps"},
    "ul": {"dash", "ticks"},
    "li": {"open", "done"},
    "table": {"table"},
    "blockquote": {"quote"},
    "th": {"num"},
    "td": {"num"},
    "div": {"scroll", "callout", *KINDS},
    "p": {"callout-title", "video"},
    "figure": {"picture"},
}
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
    "th": {"scope"},
    "pre": {"tabindex"},
    "div": {"tabindex", "role"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
}
_VALUES = {"rel": {"noreferrer noopener"}, "role": {"note"}}
_SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a text from being published. `code`: first-heading, foreign-image, no-alt,
    bad-link; `about`: the address that it is about, or "".
    """

    code: str
    about: str
    words: str


def render(body: str, locale: str = "en") -> PageText:
    """The page of a text. Raises Invalid (member "body") for what is too large, nested too deep,
    or holds a link, an image or an element that a text may not have.
    """
    page, troubles = preview(body, locale)
    for trouble in troubles:
        raise refusal(trouble.words)
    return page


def preview(body: str, locale: str = "en") -> tuple[PageText, list[Trouble]]:
    """The page of a text that is still being written, and all that is wrong with it. What it may
    not hold is left out of the page. Raises Invalid for what is too large or nested too deep.
    """
    hold_to_caps(body)
    try:
        raw = _parser(locale).convert(body)
    except RecursionError:
        raise refusal("The text is nested too deep: use flat lists and quotes.") from None
    troubles = list(_troubles(PageText.read(raw)))
    clean = nh3.clean(
        raw,
        tags=_BLOCKS | _TABLE | _MEDIA | _INLINE,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        attribute_filter=_keep_attribute,
        link_rel=None,
    )
    return PageText.read(clean), troubles


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


def _troubles(page: PageText) -> Iterator[Trouble]:
    if "h1" in page.elements:
        words = "The title is the only first-level heading: begin sections with ##."
        yield Trouble("first-heading", "", words)
    for address, alt in page.images:
        if key_of(address) is None:
            words = f"The image “{address[:80]}” is not one that was uploaded here."
            yield Trouble("foreign-image", address, words)
        elif not alt.strip():
            words = f"The image “{address[:80]}” lacks the words for those who cannot see it."
            yield Trouble("no-alt", address, words)
    for address in page.links:
        wrong = link_trouble(address)
        if wrong:
            yield Trouble("bad-link", address, f"The link “{address[:80]}” {wrong}.")


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and link_trouble(value):
        return None
    if tag == "img" and name == "src" and key_of(value) is None:
        return None
    if name in _VALUES and value not in _VALUES[name]:
        return None
    return value


def _parser(locale: str) -> Markdown:
    parser = Markdown(
        extensions=[
            "admonition",
            QuotesExtension(callouts=True),
            TableExtension(),
            TocExtension(marker="", slugify=_anchor),
        ]
    )
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    # After the inline patterns (20) and before the tree is printed.
    parser.treeprocessors.register(Shape(parser, locale), "shape", 15)
    return parser


def _anchor(words: str, separator: str) -> str:
    # The prefix keeps headings off the ids of the frame.
    return "s-" + slugify_unicode(words, separator)
