"""A shelf of documents that the search tests share."""

import random
from pathlib import Path

from portal.search import Document, Engine, Results

PUBLIC = frozenset({"public"})
CUSTOMER = frozenset({"public", "customers"})
OSKELUND = CUSTOMER | {"account:oskelund"}
QUILLON = CUSTOMER | {"account:quillon"}
VENDOR = CUSTOMER | {"vendor"}


def document(name: str, title: str, body: str = "", **facts: object) -> Document:
    """`name` is "item.locale", or an item in English."""
    item, _, locale = name.partition(".")
    given = {"type": "faq", "audience": PUBLIC, "locale": locale or "en", **facts}
    facts = {"id": name, "item_id": item, "title": title, "body": body}
    return Document(**facts, **given)  # type: ignore[arg-type] # keywords of each test


SHELF = (
    document("reset.en", "Reset your password", "Choose Forgot password on the sign-in page."),
    document("reset.zh-Hans", "重置密码", "在登录页面选择“忘记密码”，然后查收邮件。"),
    document("reset.zh-Hant", "重設密碼", "在登入頁面選擇「忘記密碼」，然後查收郵件。"),
    document(
        "routes.en",
        "Plan routes for a whole week",
        "Dispatchers who plan weekly save two hours a day. Start with the recurring stops.",
        type="practice",
        features=("route planning",),
    ),
    document("scanner.en", "Pair the FM-2040B scanner", "Hold the button for five seconds."),
    document("rollout.zh-Hans", "推广计划：从一个团队到全公司", "先试点。", type="practice"),
    document(
        "oskelund", "Oskelund migration notes", "The zeppelin depot moves in May.",
        audience=frozenset({"account:oskelund"}),
    ),
    document(
        "internal", "Renewal playbook", "Discounts for hesitant customers.",
        type="guide", audience=frozenset({"vendor"}),
    ),
)  # fmt: skip


def engine(folder: Path, documents: tuple[Document, ...] = SHELF, change_number: int = 1) -> Engine:
    made = Engine(folder)
    made.rebuild(documents, change_number)
    return made


def ids(results: Results) -> list[str]:
    return [hit.document_id for hit in results.hits]


_WORDS = """
route plan driver depot report invoice customer delivery scanner parcel renew
account seat login export filter chart label truck van pallet dock gate shift team
"""
_HAN_WORDS = "路线 计划 司机 仓库 报表 发票 客户 配送 扫描 包裹 续约 账户 席位 登录 导出"
_ENGLISH, _CHINESE = _WORDS.split(), _HAN_WORDS.split()
_TOKENS = ("public", "customers", "account:a", "account:b", "vendor")
_LOCALES = ("en", "zh-Hans", "zh-Hant")


def random_documents(seed: int, items: int) -> tuple[Document, ...]:
    dice = random.Random(seed)
    return tuple(
        _random_document(dice, f"item{number:04}", locale)
        for number in range(items)
        for locale in dice.sample(_LOCALES, dice.randint(1, 3))
    )


def random_question(dice: random.Random) -> str:
    words = dice.choices(_ENGLISH + _CHINESE, k=dice.randint(1, 4))
    if dice.random() < 0.3:
        words[-1] = words[-1][: dice.randint(1, 3)]
    if dice.random() < 0.25:
        return '"' + " ".join(words[:2]) + '" ' + " ".join(words[2:])
    return " ".join(words)


def _random_document(dice: random.Random, item: str, locale: str) -> Document:
    rare = f"{dice.choice(_ENGLISH)}{dice.choice(_ENGLISH)}"
    return Document(
        id=f"{item}.{locale}",
        item_id=item,
        locale=locale,
        type=("faq", "guide", "practice")[int(item[4:]) % 3],
        title=_prose(dice, locale, 4),
        body=f"{_prose(dice, locale, dice.randint(0, 30))} {rare}",
        features=tuple(dice.sample(_ENGLISH, dice.randint(0, 2))),
        audience=frozenset(dice.sample(_TOKENS, dice.randint(0, 2))),
    )


def _prose(dice: random.Random, locale: str, length: int) -> str:
    if locale == "en":
        return " ".join(dice.choices(_ENGLISH, k=length))
    return "".join(dice.choices(_CHINESE, k=length))
