"""Tables in a folder: one file of arrays and one of texts, memory-mapped, and one of names."""

import json
import mmap
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from portal.search.revising import Revision
from portal.search.strings import Strings
from portal.search.tables import Array, Tables

_ALIGNMENT = 64
_MANY = ("pinyin",)
"""Long lists that are seldom asked; terms are asked too often to be made strings each time."""


def write(folder: Path, tables: Tables | Revision) -> None:
    """Array by array, so that a revision is never in memory as a whole."""
    directory = _write_arrays(folder / "arrays.bin", tables.arrays)
    with (folder / "texts.bin").open("wb") as file:
        file.writelines([tables.texts] if isinstance(tables, Tables) else tables.texts)
    names = json.dumps({"arrays": directory, "names": dict(tables.names)}, ensure_ascii=False)
    (folder / "names.json").write_text(names, "utf-8")


def read(folder: Path) -> Tables:
    """The folder must have been verified; the arrays can't be written to."""
    facts = json.loads((folder / "names.json").read_text("utf-8"))
    content = _mapped(folder / "arrays.bin")
    arrays = {
        name: np.frombuffer(content, np.dtype(kind), count, start)
        for name, (kind, count, start) in facts["arrays"].items()
    }
    names = facts["names"] | {name: Strings(facts["names"][name]) for name in _MANY}
    return Tables(arrays, names, _mapped(folder / "texts.bin"))


def _write_arrays(path: Path, arrays: Mapping[str, Array]) -> dict[str, tuple[str, int, int]]:
    """Each array's (type, number of values, first byte)."""
    directory: dict[str, tuple[str, int, int]] = {}
    with path.open("wb") as file:
        for name, values in arrays.items():
            file.write(bytes(-file.tell() % _ALIGNMENT))
            directory[name] = (values.dtype.str, len(values), file.tell())
            file.write(np.ascontiguousarray(values).data)
    return directory


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        # An empty file can't be mapped.
        if not path.stat().st_size:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
