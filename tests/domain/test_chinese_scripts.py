"""Against the library with its own dictionaries."""

import random

import pytest
from opencc import OpenCC

from portal.domain.chinese_scripts import rewritten

TEXTS = (
    "",
    "Paceline 2.0",
    "头发发现干燥，后台的表格里面有什么？",
    "軟體裡的滑鼠，後臺的資料庫。",
    "一目了然\t的\n干系统 里里外外",
)


@pytest.mark.parametrize("conversion", ["s2t", "s2tw", "s2twp", "t2s", "tw2sp"])
def test_it_says_what_the_library_says(conversion: str) -> None:
    library = OpenCC(conversion)
    dice = random.Random(conversion)
    words = [word for *_, known in library.dict_cache.values() for word in known]
    texts = ["".join(dice.choices([*words, "，", "a", "𠮷"], k=8)) for _ in range(150)]
    texts += dice.sample(words, min(600, len(words)))
    for text in (*TEXTS, *texts):
        assert rewritten(text, conversion) == library.convert(text)
