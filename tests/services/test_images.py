"""What comes out of a picture is its pixels; what is none is refused, whatever it pretends."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from portal.domain.errors import Invalid
from portal.services.images import LARGEST_BYTES, TALLEST, WIDEST, make_anew

SECRET = b"51.9 N 4.4 E"


def encoded(image: Image.Image, kind: str, **more: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_becomes_webp_of_the_same_look(kind: str) -> None:
    picture = make_anew(encoded(Image.new("RGB", (60, 40), (200, 30, 30)), kind))
    again = opened(picture.content)
    assert (again.format, again.size, picture.size) == ("WEBP", (60, 40), (60, 40))
    red = again.convert("RGB").getpixel((30, 20))
    assert isinstance(red, tuple)
    assert red[0] > 180
    assert max(red[1:]) < 60


def test_notes_in_the_file_and_behind_it_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    noise = Image.effect_noise((80, 80), 90).convert("RGB")
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    for sent in (
        encoded(noise, "JPEG", exif=exif, comment=SECRET),
        encoded(noise, "WEBP", exif=exif, xmp=SECRET),
        encoded(noise, "PNG", exif=exif, pnginfo=text),
        encoded(noise, "JPEG") + b"<script>" + SECRET,
    ):
        assert SECRET in sent
        content = make_anew(sent).content
        assert SECRET not in content
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened(content).info)


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert make_anew(encoded(Image.new("RGB", (90, 30)), "JPEG", exif=exif)).size == (30, 90)


def test_large_pictures_shrink_and_keep_their_shape() -> None:
    assert make_anew(encoded(Image.new("L", (4000, 2000)), "PNG")).size == (WIDEST, WIDEST // 2)
    assert make_anew(encoded(Image.new("L", (300, 4800)), "PNG")).size == (150, TALLEST)


def test_only_drawings_are_kept_without_loss() -> None:
    """A photograph in grey has few colours, too: without loss it would take seconds."""
    drawing = Image.new("L", (300, 200), 250)
    drawing.paste(20, (40, 40, 260, 160))
    photograph = Image.effect_noise((300, 200), 90)
    kinds = [make_anew(encoded(one, "PNG")).content[12:16] for one in (drawing, photograph)]
    assert kinds == [b"VP8L", b"VP8 "]


def test_see_through_places_stay() -> None:
    again = opened(make_anew(encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG")).content)
    assert again.mode == "RGBA"


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PNG = encoded(Image.new("RGB", (30, 30)), "PNG")
HOSTILE = {
    "nothing": (b"", "no-image"),
    "a drawing with script": (SVG, "no-image"),
    "a drawing in disguise": (b"\x89PNG\r\n\x1a\n" + SVG, "no-image"),
    "a page": (b"GIF89a<html><script>alert(1)</script>", "no-image"),
    "a document": (b"%PDF-1.7\n", "no-image"),
    "another format": (encoded(Image.new("RGB", (9, 9)), "TIFF"), "no-image"),
    "PostScript": (encoded(Image.new("RGB", (9, 9)), "EPS"), "no-image"),
    "half of one": (PNG[: len(PNG) // 2], "no-image"),
    "a bomb of pixels": (png_of(60_000, 60_000, b"\0" * 100_000), "image-too-many-pixels"),
    "a smaller bomb": (png_of(5000, 4000, b"\0"), "image-too-many-pixels"),
    "no pixels at all": (png_of(0, 9, b""), "no-image"),
    "too many bytes": (PNG + b"\0" * LARGEST_BYTES, "image-too-large"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_usual_picture_is_refused_by_name(what: str) -> None:
    sent, code = HOSTILE[what]
    with pytest.raises(Invalid) as refusal:
        make_anew(sent)
    # Pillow itself refuses what is far too large, before it says how large.
    assert refusal.value.code in {code, "no-image" if "bomb of" in what else code}
    assert "image" in refusal.value.fields
