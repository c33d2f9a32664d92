"""What may be attached, told by its content: a name and a browser's word for it count for nothing.

Pictures are portal.services.images' matter: they are made anew. Pure; what is told of a file that
is refused stands in Invalid.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from portal.domain.errors import Invalid

LARGEST = 10 * 1024 * 1024
MOST = 10
"""With a request, and with each message."""
LONGEST_NAME = 120
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MOST_MEMBERS = 5000
_MOST_UNPACKED = 500 * 1024 * 1024
_LONGEST_TYPES = 1024 * 1024
_TEXT_CODES = ("utf-8-sig", "gb18030", "big5", "cp1252")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Tab, line feed, form feed, carriage return, escape (logs are coloured).
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
_RESERVED = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Form:
    """What a content is. A file's name ends as one of `endings`, else the first is added."""

    media_type: str
    endings: tuple[str, ...]


PICTURE = Form("image/webp", ("webp",))
PDF = Form("application/pdf", ("pdf",))
TEXT = Form("text/plain", ("txt", "log", "csv", "tsv", "md", "json"))
DOCUMENT = Form(f"{_OFFICE}wordprocessingml.document", ("docx",))
SHEET = Form(f"{_OFFICE}spreadsheetml.sheet", ("xlsx",))
SLIDES = Form(f"{_OFFICE}presentationml.presentation", ("pptx",))
_MAIN_PARTS = {
    "word/document.xml": DOCUMENT,
    "xl/workbook.xml": SHEET,
    "ppt/presentation.xml": SLIDES,
}


def form_of(raw: bytes) -> Form:
    """Raises Invalid (member "files"; codes file-empty, file-too-large, file-refused). For a
    picture it only says that it claims to be one.
    """
    if not raw:
        raise refusal("file-empty", "The file is empty.")
    if len(raw) > LARGEST:
        raise refusal("file-too-large", "The file is larger than 10 MB.")
    if raw.startswith(_PICTURES) or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        return PICTURE
    if raw.startswith(b"%PDF-"):
        return _pdf(raw)
    if raw.startswith(b"PK\x03\x04"):
        return _office(raw)
    if _is_text(raw):
        return TEXT
    raise _not_taken()


def clean_name(name: str, form: Form) -> str:
    """The last part of the name without what a file system, a header or an eye stumbles over, with
    an ending that says what it holds.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    plain = " ".join(_RESERVED.sub(" ", plain).split()).strip(". ")
    stem, _dot, ending = plain.rpartition(".")
    if stem and ending.lower() in form.endings:
        plain, ending = stem.rstrip(". "), ending.lower()
    else:
        ending = form.endings[0]
        if form is PICTURE and stem:
            plain = stem.rstrip(". ")
    return f"{plain[:LONGEST_NAME].rstrip() or 'file'}.{ending}"


def refusal(code: str, words: str) -> Invalid:
    return Invalid(words, code=code, fields={"files": words})


def _not_taken() -> Invalid:
    words = (
        "Files of this kind are not taken. Send pictures, PDF, text, CSV, Word, Excel or slides."
    )
    return refusal("file-refused", words)


def _pdf(raw: bytes) -> Form:
    if b"%%EOF" not in raw[-2048:]:
        raise _not_taken()
    return PDF


def _office(raw: bytes) -> Form:
    """By the parts that such a file has; nothing but the list of its types is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _office_form(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, *_BROKEN):
        raise _not_taken() from None


# What a reader of archives raises at members that are not what they say.
_BROKEN = (OSError, EOFError, ValueError, KeyError, RuntimeError, OverflowError)


def _office_form(archive: zipfile.ZipFile) -> Form:
    members = archive.infolist()
    names = {one.filename for one in members}
    unpacked = sum(one.file_size for one in members)
    sealed = any(one.flag_bits & 1 for one in members)
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED or sealed:
        raise _not_taken()
    found = [form for part, form in _MAIN_PARTS.items() if part in names]
    with archive.open("[Content_Types].xml") as file:
        types = file.read(_LONGEST_TYPES)
    macros = b"macroEnabled" in types or any("vbaproject" in name.lower() for name in names)
    if macros:
        raise refusal("file-macros", "Files with macros are not taken.")
    if len(found) != 1 or f"{found[0].media_type}.main+xml".encode() not in types:
        raise _not_taken()
    return found[0]


def _is_text(raw: bytes) -> bool:
    if raw.startswith(_MARKS):
        try:
            return "\x00" not in raw.decode("utf-16")
        except UnicodeDecodeError:
            return False
    if _CONTROL.search(raw) or _is_drawing(raw[:4096].lstrip()):
        return False
    return any(_reads_as(raw, code) for code in _TEXT_CODES)


def _is_drawing(head: bytes) -> bool:
    """SVG, which may carry scripts and loads what it likes."""
    return head.startswith((b"<", b"\xef\xbb\xbf<")) and b"<svg" in head.lower()


def _reads_as(raw: bytes, code: str) -> bool:
    try:
        raw.decode(code)
    except UnicodeDecodeError:
        return False
    return True
