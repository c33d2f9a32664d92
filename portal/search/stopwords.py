"""Words that a question has and an answer needs not: they would match everything."""

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
STOPWORDS = frozenset((_ENGLISH + _CHINESE).split())
