"""Real PDFs by the real typesetter: tagged, in their language, fonts inside, nothing fetched."""

import re
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reports import pdf, system
from reports.pdf import PdfError, fingerprint, render_pdf
from reports.render import render_document
from reports.typesetter import OurAssetsOnly, RefusedError, typeset
from reports.words import Words
from tests.reports.snapshots import SNAPSHOT


@cache
def made(locale: str) -> bytes:
    return render_pdf(render_document(SNAPSHOT, Words(locale, NullTranslations())))


def read(locale: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(made(locale)))


def text_of(reader: pypdf.PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def fonts_of(reader: pypdf.PdfReader) -> Iterator[dict[str, Any]]:
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            yield font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def alternatives(element: Any) -> Iterator[str]:
    """What the tags of a document say in place of its pictures."""
    element = element.get_object()
    if isinstance(element, dict):
        if "/Alt" in element:
            yield element["/Alt"]
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from alternatives(kid)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_a_report_is_tagged_titled_and_in_its_language(locale: str) -> None:
    reader = read(locale)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == locale
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert "Oskelund Foods" in (reader.metadata.title or "")
    assert 2 <= len(reader.pages) <= 6


def test_each_page_says_where_it_is() -> None:
    reader = read("en")
    pages = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        said = page.extract_text()
        assert f"Page {number} of {pages}" in said
        assert "Oskelund Foods" in said


def test_chinese_can_be_selected_and_every_font_is_inside() -> None:
    reader = read("zh-Hans")
    assert "审批链" in text_of(reader)
    assert "这个季度真正的成果" in text_of(reader)
    names = [font["/FontName"] for font in fonts_of(reader)]
    assert any("Noto-Sans-CJK-SC" in name for name in names)
    assert any("Inter" in name for name in names)
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts_of(reader))


def test_traditional_chinese_uses_its_own_shapes_only() -> None:
    names = " ".join(font["/FontName"] for font in fonts_of(read("zh-Hant")))
    assert "Noto-Sans-CJK-TC" in names
    assert "Noto-Sans-CJK-SC" not in names


def test_drawings_carry_their_words() -> None:
    reader = read("en")
    root: Any = reader.trailer["/Root"]
    found = list(alternatives(root["/StructTreeRoot"]))
    assert any(words.startswith("Weekly active people rose from 84 in the week") for words in found)
    assert any(words.startswith("Integrations made 209,600 calls") for words in found)


def test_the_same_snapshot_is_the_same_file() -> None:
    again = render_pdf(render_document(SNAPSHOT, Words("en", NullTranslations())))
    assert again == made("en")


SECRET = "the contents of a file that nobody may read"


ASKS = """
<link rel="stylesheet" href="{url}">
<link rel="attachment" href="{url}">
<style>
  @import "{url}";
  @font-face {{ font-family: Stolen; src: url("{url}") }}
  p {{ background: url("{url}"); font-family: Stolen }}
</style>
<img alt="" src="{url}">
<object data="{url}"></object>
<svg><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>
<p>words</p>
"""


@pytest.mark.parametrize("scheme", ["file", "http", "https", "ftp", "asset"])
def test_nothing_but_our_own_assets_is_read(scheme: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><text>{SECRET}</text></svg>")
    url = secret.as_uri() if scheme == "file" else f"{scheme}://127.0.0.1:9/secret.svg"
    fetcher = OurAssetsOnly()
    asks = f"<!DOCTYPE html><html lang=en><title>x</title>{ASKS.format(url=url)}"
    document = typeset(asks, fetcher)
    assert SECRET not in text_of(pypdf.PdfReader(BytesIO(document)))
    assert SECRET.encode() not in document
    assert len(fetcher.refused) >= 5
    assert all(url.startswith(refused) for refused in fetcher.refused)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "https://example.org/a.css",
        "asset:../../../etc/passwd",
        "data:text/html,<p>x",
        "data:image/png;base64,AAAA",
        "",
    ],
)
def test_the_fetcher_refuses_by_name(url: str) -> None:
    with pytest.raises(RefusedError, match="Only our own assets"):
        OurAssetsOnly().fetch(url)


def test_the_documents_own_drawings_are_read() -> None:
    document = render_document(SNAPSHOT, Words("en", NullTranslations()))
    fetcher = OurAssetsOnly()
    typeset(document, fetcher)
    assert fetcher.refused == []


def test_a_redirect_or_a_plain_call_leads_nowhere_else() -> None:
    with pytest.raises(RefusedError):
        OurAssetsOnly()("file:///etc/passwd")
    with pytest.raises(RefusedError):
        OurAssetsOnly().open("http://127.0.0.1:1/")


def test_too_long_is_given_up() -> None:
    with pytest.raises(PdfError, match=r"was not ready after 0\.01 seconds"):
        render_pdf("<p>x", timeout_seconds=0.01)


def test_a_failing_typesetter_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MODULE", "reports.no_such_typesetter")
    with pytest.raises(PdfError, match=r"could not be typeset: .*no_such_typesetter"):
        render_pdf("<p>x")


def test_this_machine_is_whole() -> None:
    assert system.check_system() == ()


def test_a_missing_library_is_named_and_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system.LIBRARIES, "libnone.so.9", ("libnone9", "nothing works"))
    assert system.check_system() == (
        "libnone.so.9 is missing, so nothing works: install libnone9.",
    )
    with pytest.raises(PdfError, match="install libnone9"):
        render_pdf("<p>x")


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "FONTS", ("Noto Sans Nowhere",))
    (said,) = system.check_system()
    assert said.startswith("The font Noto Sans Nowhere is missing")


def test_another_style_sheet_makes_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint("<p>one</p>")
    assert before == fingerprint("<p>one</p>") != fingerprint("<p>two</p>")
    other = tmp_path / "report.css"
    other.write_text("p { color: #123456 }")
    monkeypatch.setattr(pdf, "style_sheet", lambda _style: other)
    assert fingerprint("<p>one</p>") != before
