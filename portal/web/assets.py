"""Addresses and bodies of our own style sheets, scripts, font and icons. Each file is read once."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "static"
JOINED = "css/paceline.css"
BEHAVIOURS = "js/paceline.js"
FINDING = "js/find.js"
"""Fetched when somebody first searches."""
EDITING = "js/editor.js"
"""Only on the page where texts are written."""
_SCRIPTS = {BEHAVIOURS: "js", FINDING: "js/find", EDITING: "js/editor"}
FRAME = ("tokens", "base", "layout", "topbar", "bottombar", "footer", "freshness")
GENERAL = (
    *("menu", "avatar", "button", "field", "choice", "segments", "tabs", "chip", "pages"),
    *("card", "status", "tag", "note", "viewas", "toast", "dialog", "popover"),
    *("empty", "skeleton", "figure", "list", "table", "chart", "facts", "timeline", "progress"),
)
SPECIAL = (
    *("changes", "todo", "person", "goal", "feature-map", "cohorts"),
    *(
        "search",
        "article",
        "prose",
        "reading",
        "case",
        "report",
        "door",
        "course",
        "newsroom",
        "loop",
        "notices",
        "roadmap",
        "files",
    ),
    *("desk-title", "accounts", "alert", "strip", "desk", "volume", "rules"),
)
# A rule of equal weight in a later sheet wins: the general stands before the special.
STYLE_SHEETS = (*FRAME, *GENERAL, *SPECIAL, "spacing", "print")
ALONE = ("rail", "board", "health", "editor", "guide")
"""Linked where they are needed: the vendor's frame and desk, where texts are written, the guide."""
PACKED = {".css", ".js", ".svg"}


def static_url(path: str) -> str:
    """The address of a file under static/, which changes with its content and may be kept forever.

    Raises FileNotFoundError for a file that is not there.
    """
    return f"/static/{path}?v={fingerprint(path)}"


@cache
def fingerprint(path: str) -> str:
    """The first twelve hexadecimal digits of the SHA-256 of the content."""
    return hashlib.sha256(content(path)).hexdigest()[:12]


@cache
def content(path: str) -> bytes:
    """The bytes of a file under static/; style sheets as one, scripts as one a folder."""
    if path == JOINED:
        return b"\n".join(content(f"css/{name}.css") for name in STYLE_SHEETS)
    if path in _SCRIPTS:
        scripts = sorted((ROOT / _SCRIPTS[path]).glob("*.js"))
        return b"".join(_behaviour(script) for script in scripts)
    return (ROOT / path).read_bytes()


def _behaviour(script: Path) -> bytes:
    """A script in braces of its own, so that its names stay its own among the others."""
    return b"{\n" + script.read_bytes() + b"}\n"


@cache
def packed(path: str) -> bytes | None:
    """The content compressed by gzip; None for what is compressed already, as a font is."""
    if Path(path).suffix not in PACKED:
        return None
    return gzip.compress(content(path), 9, mtime=0)
