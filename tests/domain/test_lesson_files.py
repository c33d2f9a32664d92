import pytest

from portal.domain.errors import Invalid
from portal.domain.lesson_files import LARGEST_VIDEO, ending_for

MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 40
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n"


@pytest.mark.parametrize(
    ("part", "raw", "ending"),
    [
        ("video", MP4, "mp4"),
        ("video", WEBM, "webm"),
        ("captions", VTT, "vtt"),
        ("captions", b"\xef\xbb\xbf" + VTT.replace(b"\n", b"\r\n"), "vtt"),
        ("file", b"%PDF-1.7\n%%EOF\n", "pdf"),
        ("file", b"plain words", "txt"),
    ],
)
def test_a_part_is_what_its_content_is(part: str, raw: bytes, ending: str) -> None:
    assert ending_for(part, raw) == ending


@pytest.mark.parametrize(
    ("part", "raw", "code"),
    [
        ("video", b"", "no-video"),
        ("video", b"<html>", "no-video"),
        ("video", MP4 + b"\x00" * LARGEST_VIDEO, "video-too-large"),
        ("captions", b"WEBVTT\n\nno cue\n", "no-captions"),
        ("captions", b"WEBVTTX\n\n00:00.000 --> 00:02.000\n", "no-captions"),
        ("captions", b"\xff\xfe", "no-captions"),
        ("captions", VTT + b" " * 1024 * 1024, "no-captions"),
        ("file", b"", "file-empty"),
        ("file", b"\x89PNG\r\n\x1a\n", "file-picture"),
        ("file", b"<svg onload='x'>", "file-refused"),
        ("file", MP4, "file-refused"),
    ],
)
def test_what_it_is_not_is_refused_beside_its_field(part: str, raw: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ending_for(part, raw)
    assert (refusal.value.code, list(refusal.value.fields)) == (code, [part])
