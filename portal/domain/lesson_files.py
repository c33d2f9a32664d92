"""What a lesson may bring along, told by its content, as what is attached to requests is."""

import re

from portal.domain.errors import Invalid
from portal.domain.request_files import PICTURE, form_of

LARGEST_VIDEO = 64 * 1024 * 1024
LARGEST_CAPTIONS = 1024 * 1024
VIDEO, CAPTIONS, FILE = "video", "captions", "file"
PARTS = (VIDEO, CAPTIONS, FILE)
_AT = r"(?:\d+:)?[0-5]\d:[0-5]\d\.\d{3}"
_CUE = re.compile(rf"^{_AT}[ \t]+-->[ \t]+{_AT}", re.MULTILINE)


def ending_for(part: str, raw: bytes) -> str:
    """The ending of the key for what was sent as this part of a lesson. Raises Invalid, whose one
    field is the part.
    """
    endings = {VIDEO: _video, CAPTIONS: _captions, FILE: _file}
    return endings[part](raw)


def _video(raw: bytes) -> str:
    """MP4 or WebM."""
    if len(raw) > LARGEST_VIDEO:
        raise _refusal(VIDEO, "video-too-large", "The video is larger than 64 MB.")
    if raw[4:8] == b"ftyp":
        return "mp4"
    if raw[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in raw[:64]:
        return "webm"
    raise _refusal(VIDEO, "no-video", "Send a video as MP4 or WebM.")


def _captions(raw: bytes) -> str:
    """WebVTT with at least one cue."""
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= LARGEST_CAPTIONS else ""
    except UnicodeDecodeError:
        text = ""
    head = text.replace("\r\n", "\n").partition("\n")[0]
    if re.fullmatch(r"WEBVTT(?:[ \t].*)?", head) is None or _CUE.search(text) is None:
        raise _refusal(CAPTIONS, "no-captions", "Send captions as WebVTT (.vtt), at most 1 MB.")
    return "vtt"


def _file(raw: bytes) -> str:
    """As what is attached to requests, but for pictures, which belong into the text."""
    try:
        form = form_of(raw)
    except Invalid as refusal:
        raise _refusal(FILE, refusal.code, refusal.message) from None
    if form is PICTURE:
        raise _refusal(FILE, "file-picture", "Put pictures into the text.")
    return form.endings[0]


def _refusal(part: str, code: str, words: str) -> Invalid:
    return Invalid(words, code=code, fields={part: words})
