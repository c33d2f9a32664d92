"""Pictures of texts and files of lessons: `files/` beside the collections, named by content."""

import io
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.knowledge_files import (
    ending_of_key,
    file_key,
    is_key,
    is_media_key,
    keys_in,
    media_key,
    size_of,
)
from portal.domain.lesson_files import LARGEST_VIDEO, PARTS, ending_for
from portal.models import KnowledgeFile
from portal.services.file_store import FileStore
from portal.services.images import LARGEST_BYTES
from portal.services.knowledge_files import missing_files
from portal.tenancy import scope_of

FOLDER = "files"
Pictures = dict[str, bytes]


def read_pictures(session: Session, folder: Path, wrong: dict[str, str]) -> Pictures:
    """Those of the folder that its texts show and nobody has stored yet. `wrong` is told of each
    text whose picture is neither here nor there, and of each file that is not what it is called.
    """
    shown = {path: keys_in(_words(path)) for path in sorted(folder.rglob("*.md"))}
    missing = missing_files(session, {key for keys in shown.values() for key in keys})
    found: Pictures = {}
    for key in sorted(missing):
        path = folder / FOLDER / key
        if path.is_file():
            try:
                found[key] = _media(path) if is_media_key(key) else _picture(path)
            except Invalid as refusal:
                wrong[f"{FOLDER}/{key}"] = refusal.message
    for path, keys in shown.items():
        if any(not (folder / FOLDER / key).is_file() for key in keys & missing):
            place = path.relative_to(folder).as_posix()
            wrong[f"{place}: body"] = f"A picture is neither stored nor in the folder {FOLDER}."
    return found


def keep_pictures(session: Session, files: FileStore, pictures: Mapping[str, bytes]) -> None:
    """Within the caller's transaction."""
    for key, content in pictures.items():
        session.add(KnowledgeFile(key=key, stored_at=scope_of(session).now, bytes=len(content)))
        session.flush()
        files.put(key, content)


def export_pictures(files: FileStore, folder: Path, texts: Iterable[str]) -> int:
    """Those that the texts show; how many. One that is there already is the same."""
    count = 0
    for key in sorted({key for text in texts for key in keys_in(text)}):
        content = files.read(key)
        if content is None:
            continue
        FileStore(str((folder / FOLDER).absolute())).put(key, content)
        count += 1
    return count


def _words(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _media(path: Path) -> bytes:
    """As `_picture`, of what a lesson brings along: it is what its ending says."""
    refusal = Invalid("This is not the file that its name says: export it again.")
    if path.stat().st_size > LARGEST_VIDEO:
        raise refusal
    content, ending = path.read_bytes(), ending_of_key(path.name)
    if media_key(sha256(content).hexdigest(), ending) != path.name:
        raise refusal
    if not any(_is(part, content, ending) for part in PARTS):
        raise refusal
    return content


def _is(part: str, content: bytes, ending: str) -> bool:
    try:
        return ending_for(part, content) == ending
    except Invalid:
        return False


def _picture(path: Path) -> bytes:
    """Only what this portal could have stored: its bytes say its name."""
    refusal = Invalid("This is not the picture that its name says: export it again.")
    if not is_key(path.name) or path.stat().st_size > LARGEST_BYTES:
        raise refusal
    content, size = path.read_bytes(), size_of(path.name)
    if file_key(sha256(content).hexdigest(), size) != path.name:
        raise refusal
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as image:
            true_size = image.size
    except Exception:  # noqa: BLE001 # decoders fail in many ways, each of them the file's fault
        raise refusal from None
    if true_size != size:
        raise refusal
    return content
