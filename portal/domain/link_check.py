"""What a published text points at, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.domain.audience import Audience
from portal.domain.knowledge import PUBLISHED, address
from portal.domain.knowledge_files import FOLDER, key_of, media_key_of
from portal.domain.portal_rooms import is_room
from portal.domain.training import course_address

MISSING, WITHDRAWN, NARROWER, ANCHOR = "missing", "withdrawn", "narrower", "anchor"
FEATURE, ACCOUNT, SEGMENT, UNCHECKED = "feature", "account", "segment", "unchecked"
# What is broken first; an address elsewhere is only not looked at.
TROUBLES = (MISSING, WITHDRAWN, NARROWER, ANCHOR, FEATURE, ACCOUNT, SEGMENT, UNCHECKED)


@dataclass(frozen=True, slots=True)
class Known:
    """A text that may be linked to. `anchors`: of its headings, in each language. `lessons`: their
    slugs, where it is a course.
    """

    state: str
    audience: Audience
    anchors: Mapping[str, frozenset[str]]
    lessons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Linking:
    """A published text in one language, or a lesson of it, which has headings of its own. `links`:
    addresses of what it shows, too; `files`: keys of the pictures that there are.
    """

    slug: str
    locale: str
    audience: Audience
    links: tuple[str, ...]
    headings: frozenset[str] | None = None
    files: frozenset[str] = frozenset()


def link_findings(text: Linking, known: Mapping[str, Known]) -> Iterator[tuple[str, str]]:
    """(link, trouble), each once. An address elsewhere is `unchecked`: how it answers is another
    question (services/external_links.py).
    """
    for link in dict.fromkeys(text.links):
        trouble = _trouble(link, text, known)
        if trouble:
            yield link, trouble


def _trouble(link: str, text: Linking, known: Mapping[str, Known]) -> str:
    if link.startswith(("http://", "https://")):
        return UNCHECKED
    if link.startswith("#"):
        if text.headings is not None:
            return "" if link[1:] in text.headings else ANCHOR
        return _anchor_trouble(link[1:], text.locale, known.get(text.slug))
    if link.startswith(course_address("")):
        return _course_trouble(link.removeprefix(course_address("")), text, known)
    if link.startswith(FOLDER) or not link.startswith(address("")):
        return _room_trouble(link, text)
    path, _hash, anchor = link.removeprefix(address("")).partition("#")
    found = known.get(path.partition("?")[0])
    return _text_trouble(found, text) or (
        _anchor_trouble(anchor, text.locale, found) if anchor else ""
    )


def _room_trouble(link: str, text: Linking) -> str:
    """A picture, or an address within the portal, by its room: what is in there is a reader's."""
    if link.startswith(FOLDER):
        return "" if (key_of(link) or media_key_of(link)) in text.files else MISSING
    if not link.startswith("/") or link.startswith("//"):
        return ""
    return "" if is_room(link) else MISSING


def _course_trouble(rest: str, text: Linking, known: Mapping[str, Known]) -> str:
    """`rest` is `slug`, or `slug/lessons/lesson`, and what the address goes on with."""
    slug, *more = re.split(r"[/?#]", rest)
    found = known.get(slug)
    trouble = _text_trouble(found, text)
    if trouble or found is None or more[:1] != ["lessons"]:
        return trouble
    return "" if more[1:2] and more[1] in found.lessons else MISSING


def _text_trouble(found: Known | None, text: Linking) -> str:
    if found is None:
        return MISSING
    if found.state != PUBLISHED:
        return WITHDRAWN
    return "" if found.audience.covers(text.audience) else NARROWER


def _anchor_trouble(anchor: str, locale: str, found: Known | None) -> str:
    """In the language of the link; where the text does not stand in it, any of its languages."""
    if found is None:
        return ANCHOR
    held = found.anchors.get(locale)
    there = held if held is not None else frozenset().union(*found.anchors.values())
    return "" if anchor in there else ANCHOR
