"""What may be attached is told by its content, whatever it is called."""

import io
import zipfile

import pytest

from portal.domain.errors import Invalid
from portal.domain.request_files import (
    DOCUMENT,
    LARGEST,
    PDF,
    PICTURE,
    SHEET,
    SLIDES,
    TEXT,
    Form,
    clean_name,
    form_of,
)

PARTS = {
    DOCUMENT: "word/document.xml",
    SHEET: "xl/workbook.xml",
    SLIDES: "ppt/presentation.xml",
}


def office(form: Form, *more: str, types: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        told = types or f'<Override ContentType="{form.media_type}.main+xml"/>'
        archive.writestr("[Content_Types].xml", told)
        for name in (PARTS[form], *more):
            archive.writestr(name, "<x/>")
    return written.getvalue()


def archive_of(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def many_members() -> bytes:
    return office(DOCUMENT, *(f"word/{number}.xml" for number in range(5001)))


GOOD = {
    "pdf": (b"%PDF-1.7\n1 0 obj\n%%EOF\n", PDF),
    "ascii": (b"a,b\n1,2\n", TEXT),
    "utf-8": ("Größe，尺寸\n".encode(), TEXT),
    "utf-8 with mark": ("尺寸\n".encode("utf-8-sig"), TEXT),
    "utf-16": ("尺寸\n".encode("utf-16"), TEXT),
    "gb18030": ("尺寸是错误的\n".encode("gb18030"), TEXT),
    "big5": ("尺寸是錯的\n".encode("big5"), TEXT),
    "cp1252": ("Größe\n".encode("cp1252"), TEXT),
    "coloured log": (b"\x1b[31mfailed\x1b[0m\r\n", TEXT),
    "png": (b"\x89PNG\r\n\x1a\n and so on", PICTURE),
    "webp": (b"RIFF\0\0\0\0WEBPVP8 ", PICTURE),
    "word": (office(DOCUMENT), DOCUMENT),
    "excel": (office(SHEET, "xl/styles.xml"), SHEET),
    "slides": (office(SLIDES), SLIDES),
}
BAD = {
    "nothing": (b"", "file-empty"),
    "too large": (b"a" * (LARGEST + 1), "file-too-large"),
    "program": (b"MZ\x90\0\x03", "file-refused"),
    "elf": (b"\x7fELF\x02\x01\x01", "file-refused"),
    "half a pdf": (b"%PDF-1.7\n", "file-refused"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file-refused"),
    "drawing behind comments": (
        b"<?xml version='1.0'?>" + b"<!-- -->" * 50 + b"<SVG>",
        "file-refused",
    ),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-refused"),
    "archive": (archive_of(a=b"b"), "file-refused"),
    "archive called word": (archive_of(**{"word/document.xml": b"x"}), "file-refused"),
    "half an archive": (office(DOCUMENT)[:80], "file-refused"),
    "macros": (office(DOCUMENT, "word/vbaProject.bin"), "file-macros"),
    "macros by type": (
        office(SHEET, types="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "file-macros",
    ),
    "two in one": (office(DOCUMENT, "xl/workbook.xml"), "file-refused"),
    "very many members": (many_members(), "file-refused"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_what_it_holds(name: str) -> None:
    raw, form = GOOD[name]
    assert form_of(raw) is form


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_taken_is_told(name: str) -> None:
    raw, code = BAD[name]
    with pytest.raises(Invalid) as refused:
        form_of(raw)
    assert refused.value.code == code
    assert set(refused.value.fields) == {"files"}


def test_a_bomb_is_not_unpacked() -> None:
    """Members say how large they will be: more than 500 MB is not believed to be a letter."""
    raw = bytearray(office(DOCUMENT))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (600 * 1024 * 1024).to_bytes(4, "little")
    with pytest.raises(Invalid) as refused:
        form_of(bytes(raw))
    assert refused.value.code == "file-refused"


@pytest.mark.parametrize(
    ("given", "form", "kept"),
    [
        ("plan.pdf", PDF, "plan.pdf"),
        ("PLAN.PDF", PDF, "PLAN.pdf"),
        ("plan.exe", PDF, "plan.exe.pdf"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\temp\\a.csv", TEXT, "a.csv"),
        ("evil.html", TEXT, "evil.html.txt"),
        ("screen shot.PNG", PICTURE, "screen shot.webp"),
        ("a\u202egnp.exe", PICTURE, "agnp.webp"),
        ("a\r\nX-Evil: 1", TEXT, "aX-Evil 1.txt"),
        ('say "x".txt', TEXT, "say x.txt"),
        ("", TEXT, "file.txt"),
        ("...", TEXT, "file.txt"),
        (".txt", TEXT, "txt.txt"),
        ("\u9519\u8bef.log", TEXT, "\u9519\u8bef.log"),
        ("x" * 300 + ".csv", TEXT, "x" * 120 + ".csv"),
    ],
)
def test_names_are_cleaned(given: str, form: Form, kept: str) -> None:
    assert clean_name(given, form) == kept
