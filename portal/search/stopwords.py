"""Words that a question has and an answer needs not: they would match everything."""

from collections.abc import Iterable
from dataclasses import dataclass

_ENGLISH = """
a about am an and any are as at be been but by can cannot could did do does don dont for from get
had has have how i id if im in into is isnt it its ive just let like me my no not of on or our
please should so some than that the their them then there these they this those to too up us want
was way we were what when where whether which who why will with would you your
"""
_CHINESE = """
的 了 吗 呢 吧 啊 么 是 在 我 你 您 他 她 它 我们 你们 他们 请 请问 如何 怎么 怎样 怎么样 怎么办
什么 为什么 哪里 哪些 哪个 可以 能 能否 是否 有 没有 和 与 或 及 也 都 就 还 这 那 这个 那个 一个
会 要 想 把 被 让 给 到 从 对 上 下 里 中 着 过 地 得 之 其 个 们
"""
_ASKING = """
怎么 怎样 如何 怎么样 怎么办 咋 咋样 咋办
为什么 为何 为啥 干嘛 怎么回事
什么时候 何时 几时 啥时候 多会 多会儿 什么时间 几点
可以 能 能否 可否 能够 可不可以 能不能
是否 是不是
没有 没 无 未 并未
不能 无法 不可以 没法 不可
多久 多长时间 多长
哪里 哪儿 在哪 在哪里 哪
什么 啥 何
多少 几
我 我们 咱 咱们 俺 本人
你 你们 您
吗 么 嘛 呢 吧 啊
"""
"""Ways to ask the same in Chinese, a group a line."""

_GROUPS = [line.split() for line in _ASKING.split("\n")]
SAME_QUESTION = {word: group[0] for group in _GROUPS for word in group}
STOPWORDS = frozenset((_ENGLISH + _CHINESE + _ASKING).split())


@dataclass(frozen=True, slots=True)
class StopWords:
    """Folded. `own` are the vendor's, `every` those that are left out of a question: the built-in
    ones but for those that the vendor has lifted, and its own.
    """

    own: frozenset[str] = frozenset()
    every: frozenset[str] = STOPWORDS

    @classmethod
    def of(cls, own: Iterable[str], lifted: Iterable[str]) -> "StopWords":
        kept = frozenset(own)
        return cls(kept, STOPWORDS.difference(lifted) | kept)


BUILT_IN = StopWords()
