import gzip
import hashlib

import pytest

from portal.web.assets import (
    ALONE,
    BEHAVIOURS,
    JOINED,
    ROOT,
    STYLE_SHEETS,
    content,
    fingerprint,
    packed,
    static_url,
)


def test_address_changes_with_the_content() -> None:
    digest = hashlib.sha256((ROOT / "img/icons.svg").read_bytes()).hexdigest()
    assert static_url("img/icons.svg") == f"/static/img/icons.svg?v={digest[:12]}"


def test_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        static_url("img/none.svg")


def test_every_style_sheet_is_joined_once() -> None:
    written = sorted(path.stem for path in (ROOT / "css").glob("*.css"))
    assert sorted((*STYLE_SHEETS, *ALONE)) == written


def test_order_of_the_layers_comes_first_and_print_last() -> None:
    sheet = content(JOINED).decode()
    assert sheet.index("@layer tokens, base, frame, components, pages, print;") < 200
    assert sheet.rindex("@layer print {") > sheet.rindex("@layer components {")


def test_joined_sheet_has_an_address_of_its_own() -> None:
    assert static_url(JOINED) == f"/static/css/paceline.css?v={fingerprint(JOINED)}"


def test_every_script_is_joined_in_braces_of_its_own() -> None:
    joined = content(BEHAVIOURS).decode()
    for path in (ROOT / "js").glob("*.js"):
        assert "{\n" + path.read_text() + "}\n" in joined


def test_what_differs_is_marked_on_every_page_that_shows_it() -> None:
    """Not only where texts are written: reviews, revisions and translations show it, too."""
    sheet = content(JOINED).decode()
    for part in (".difference ins", ".difference del", ".difference p"):
        assert part in sheet


@pytest.mark.parametrize("path", [JOINED, BEHAVIOURS, "vendor/htmx/htmx.min.js", "img/icons.svg"])
def test_text_is_packed(path: str) -> None:
    body = packed(path)
    assert body is not None
    assert gzip.decompress(body) == content(path)
    assert len(body) < len(content(path)) / 2


def test_font_is_compressed_already() -> None:
    assert packed("fonts/inter-latin-wght.woff2") is None


def test_first_page_leaves_room_for_its_words() -> None:
    """All that a first page brings beside its HTML, compressed: at most 85 of the 100 kB."""
    scripts = [BEHAVIOURS, "vendor/htmx/htmx.min.js"]
    sent = {path: len(packed(path) or b"") for path in [JOINED, "img/icons.svg", *scripts]}
    font = len(content("fonts/inter-latin-wght.woff2"))
    assert sum(sent[path] for path in scripts) < 40_000
    assert sum(sent.values()) + font < 85_000
