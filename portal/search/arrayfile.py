"""Tables in a folder: one file of arrays and long lists of names, and one of texts, memory-mapped,
so that all processes share them; and one of the short lists.
"""

import json
import mmap
from collections.abc import Iterator, Mapping
from itertools import chain, starmap
from pathlib import Path

import numpy as np

from portal.search.pieces import Pieces
from portal.search.revising import Revision
from portal.search.strings import Strings
from portal.search.tables import Array, Tables

_ALIGNMENT = 64
_MANY = ("terms", "pinyin", "item", "id", "url")
"""Lists that grow with the hub."""


def write(folder: Path, tables: Tables | Revision) -> None:
    """Array by array, so that a revision is never in memory as a whole."""
    long = {name: Strings.of(tables.names[name]) for name in _MANY}
    directory = _write_arrays(folder / "arrays.bin", tables.arrays, long)
    with (folder / "texts.bin").open("wb") as file:
        file.writelines([tables.texts] if isinstance(tables, Tables) else tables.texts)
    short = {name: list(one) for name, one in tables.names.items() if name not in _MANY}
    names = json.dumps({"arrays": directory, "names": short}, ensure_ascii=False)
    (folder / "names.json").write_text(names, "utf-8")


def read(folder: Path) -> Tables:
    """The folder must have been verified; the arrays can't be written to."""
    facts = json.loads((folder / "names.json").read_text("utf-8"))
    content, text = _mapped(folder / "arrays.bin"), _mapped(folder / "texts.bin")
    arrays = {
        name: np.frombuffer(content or b"", np.dtype(kind), count, start)
        for name, (kind, count, start) in facts["arrays"].items()
    }
    names = facts["names"] | {
        name: Strings(arrays.pop(f"{name}.names"), arrays.pop(f"{name}.names.starts"))
        for name in _MANY
    }
    places = {name: (np.dtype(kind), start) for name, (kind, _, start) in facts["arrays"].items()}
    mapped = [one for one in (content, text) if one is not None]
    pieces = Pieces(folder / "arrays.bin", folder / "texts.bin", places, mapped)
    return Tables(arrays, names, memoryview(text or b""), pieces)


def _write_arrays(
    path: Path, arrays: Mapping[str, Array], long: Mapping[str, Strings]
) -> dict[str, tuple[str, int, int]]:
    """Each array's (type, number of values, first byte)."""
    directory: dict[str, tuple[str, int, int]] = {}
    with path.open("wb") as file:
        for name, values in chain(arrays.items(), *starmap(_arrays_of, long.items())):
            file.write(bytes(-file.tell() % _ALIGNMENT))
            directory[name] = (values.dtype.str, len(values), file.tell())
            file.write(np.ascontiguousarray(values).data)
            # Else it would be held until the next one is made.
            del values
    return directory


def _arrays_of(name: str, strings: Strings) -> Iterator[tuple[str, Array]]:
    yield f"{name}.names", strings.text
    yield f"{name}.names.starts", strings.starts


def _mapped(path: Path) -> mmap.mmap | None:
    """None for an empty file, which can't be."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return None
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
