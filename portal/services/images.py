"""A picture as somebody sent it, made anew: only its pixels come through.

What else a file may carry (place and camera, a second file behind the first, a script) is left
behind, and nothing that is no picture is read. The size is looked at before a pixel is.
"""

import io
import warnings
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from PIL import Image, ImageFile, ImageOps

from portal.domain.errors import Invalid
from portal.domain.knowledge_files import Pixels

LARGEST_BYTES = 8 * 1024 * 1024
# Text is at most 42 rem wide: twice that for fine screens.
WIDEST, TALLEST = 1344, 2400
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_MOST_PIXELS = {"JPEG": 50_000_000}
_USUALLY_MOST_PIXELS = 17_000_000
_QUALITY = 82
# Drawings and screens with few colours are smaller, and sharp, without loss. Photographs in grey
# have few colours, too, and no plain surfaces: kept without loss they are large, and take seconds.
_FEW_COLOURS = 2048
_SAMPLED_ROWS, _PLAIN = 8, 0.2


@dataclass(frozen=True, slots=True)
class Picture:
    """`content` is WebP."""

    content: bytes
    size: Pixels

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def make_anew(
    raw: bytes, within: tuple[int, int] = (WIDEST, TALLEST), most: int = LARGEST_BYTES
) -> Picture:
    """At most as wide and as tall as `within`; `most` bytes are read. Raises Invalid (member
    "image"; codes image-too-large, image-too-many-pixels, no-image).
    """
    if len(raw) > most:
        raise _refusal("image-too-large", "The image is larger than 8 MB.")
    # What Pillow only warns of is a file that we do not read.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _made(raw, within)
        except Invalid:
            raise
        except Exception:  # noqa: BLE001 # decoders fail in many ways, each of them the file's fault
            words = "This is no image that can be read: use PNG, JPEG, WebP or GIF."
            raise _refusal("no-image", words) from None


def _made(raw: bytes, within: tuple[int, int]) -> Picture:
    # Another library of ours (that of the PDFs) has the whole process take half a file for one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        most = _MOST_PIXELS.get(opened.format or "", _USUALLY_MOST_PIXELS)
        if opened.width * opened.height > most:
            words = f"The image has more than {most // 1_000_000} million pixels: make it smaller."
            raise _refusal("image-too-many-pixels", words)
        # A JPEG is read at the scale that is needed.
        opened.draft("RGB", (2 * within[0], 2 * within[1]))
        image: Any = ImageOps.exif_transpose(opened)
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(within)
    # Only pixels go on: notes of the old file hang on the old object.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    written = io.BytesIO()
    plain = _is_drawing(bare)
    bare.save(written, "WEBP", lossless=plain, quality=_QUALITY, method=2 if plain else 4)
    return Picture(written.getvalue(), Pixels(*bare.size))


def _is_drawing(image: Image.Image) -> bool:
    """Few colours in plain surfaces, of which every eighth row is looked at."""
    if image.getcolors(_FEW_COLOURS) is None:
        return False
    rows = image.resize(
        (image.width, max(image.height // _SAMPLED_ROWS, 1)), Image.Resampling.NEAREST
    ).tobytes()
    return len(zlib.compress(rows, 1)) <= len(rows) * _PLAIN


def _refusal(code: str, words: str) -> Invalid:
    return Invalid(words, code=code, fields={"image": words})
