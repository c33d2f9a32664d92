"""Site maps after sitemaps.org 0.9: an index, and parts of so many texts in all their languages."""

from collections.abc import Iterable, Sequence
from datetime import UTC
from xml.etree import ElementTree as ET

from portal.services.published import PublicText
from portal.web.structured import DEFAULT

TEXTS_A_PART = 5_000
"""Times three languages: below the 50,000 addresses that a site map may hold."""
MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ET.register_namespace("", MAPS)
ET.register_namespace("xhtml", XHTML)


def sitemap_index(parts: Iterable[str]) -> bytes:
    """`parts`: their addresses."""
    root = ET.Element(f"{{{MAPS}}}sitemapindex")
    for address in parts:
        _said(ET.SubElement(root, f"{{{MAPS}}}sitemap"), "loc", address)
    return _written(root)


def sitemap(texts: Sequence[tuple[PublicText, dict[str, str]]]) -> bytes:
    """Each text with its address in each of its languages; each names all the others."""
    root = ET.Element(f"{{{MAPS}}}urlset")
    for text, addresses in texts:
        for locale_of, address in addresses.items():
            if locale_of == DEFAULT:
                continue
            url = ET.SubElement(root, f"{{{MAPS}}}url")
            _said(url, "loc", address)
            _said(url, "lastmod", text.changed_at.astimezone(UTC).isoformat(timespec="seconds"))
            for locale, other in addresses.items():
                attributes = {"rel": "alternate", "hreflang": locale, "href": other}
                ET.SubElement(url, f"{{{XHTML}}}link", attributes)
    return _written(root)


def _said(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{MAPS}}}{name}").text = text


def _written(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
