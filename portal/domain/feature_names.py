"""What the vendor has named in English and Chinese, in the reader's language: features,
editions, segments, series.
"""

from functools import lru_cache

from portal.domain.chinese_scripts import rewritten

# What the field says in Taiwan; the converter knows the general words only.
_FIELD_WORDS = {
    "審批": "簽核",
    "審計": "稽核",
    "對接": "介接",
    "實時": "即時",
    "看板": "儀表板",
    "儀表盤": "儀表板",
    "定時報表": "排程報表",
    "移動卡片": "行動卡片",
    "超時": "逾時",
    "戰略客戶": "策略客戶",
    "普通客戶": "一般客戶",
}


def feature_name(locale: str, english: str, chinese: str) -> str:
    """English where there is no Chinese name; a simplified one is written in traditional
    characters and Taiwan's words for zh-Hant.
    """
    if locale == "en" or not chinese:
        return english
    return _traditional(chinese) if locale == "zh-Hant" else chinese


@lru_cache(maxsize=4096)
def _traditional(words: str) -> str:
    said = rewritten(words, "s2twp")
    for general, field in _FIELD_WORDS.items():
        said = said.replace(general, field)
    return said
