"""The words of the knowledge hub: types with what each of them says, their folders, states."""

from dataclasses import dataclass

BEST_PRACTICE, CUSTOMER_CASE, FAQ = "best-practice", "customer-case", "faq"
GUIDE, COURSE, RELEASE_NOTE, EVENT = "guide", "course", "release-note", "event"

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"
STATES = (DRAFT, PUBLISHED, ARCHIVED)
EVENT_KINDS = ("open-class", "customer-voice", "launch", "salon")

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
LONGEST_SLUG = 120
RESERVED = frozenset({"files", "new"})
"""Addresses below /knowledge/ that are no text's."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a type says (DOMAIN §6). `fields`: keys beside those of every text, as front matter
    has them and in its order; `may_lack` are those of them that may be missing. `sections`: the
    headings that a new text begins with, by language (en, zh-Hans, zh-Hant). `needs_feature` is
    False where a text may be about people or the work, and teach nothing of the product.
    """

    collection: str
    fields: tuple[str, ...] = ()
    may_lack: frozenset[str] = frozenset()
    sections: tuple[tuple[str, str, str], ...] = ()
    needs_feature: bool = True


# In the order in which a reader meets them.
SHAPES = {
    BEST_PRACTICE: Shape(
        "best-practices",
        fields=("effect",),
        needs_feature=False,
        sections=(
            ("Scenario", "场景", "情境"),
            ("Problem", "问题", "問題"),
            ("Method", "方法", "方法"),
            ("Effect", "效果", "成效"),
            ("Three traps", "三个误区", "三個陷阱"),
        ),
    ),
    CUSTOMER_CASE: Shape(
        "customer-cases",
        fields=("consent", "benchmark"),
        may_lack=frozenset({"benchmark"}),
        sections=(
            ("Profile", "客户概况", "客戶簡介"),
            ("Pains", "痛点", "痛點"),
            ("Why they chose it", "选择理由", "選擇理由"),
            ("Process", "实施过程", "導入過程"),
            ("Before and after", "前后对比", "前後比較"),
            ("What both sides gained", "双方收获", "雙方收穫"),
            ("What they would do differently", "如果重来一次", "如果重來一次"),
        ),
    ),
    FAQ: Shape(
        "faqs",
        needs_feature=False,
        sections=(("In short", "结论", "結論"), ("Steps", "操作步骤", "操作步驟")),
    ),
    GUIDE: Shape("guides"),
    COURSE: Shape(
        "courses",
        needs_feature=False,
        sections=(
            ("What you learn", "您将学到什么", "您會學到什麼"),
            ("Who it is for", "适合谁", "適合誰"),
        ),
    ),
    RELEASE_NOTE: Shape(
        "release-notes",
        sections=(
            ("New", "新增", "新增"),
            ("Improved", "改进", "改善"),
            ("Fixed", "修复", "修正"),
            ("Known", "已知问题", "已知問題"),
            ("What you need to do", "您需要做什么", "您需要做什麼"),
        ),
    ),
    EVENT: Shape(
        "events",
        fields=("kind", "starts_at", "ends_at", "zone", "place", "link"),
        may_lack=frozenset({"place", "link"}),
        needs_feature=False,
        sections=(
            ("What it is about", "活动内容", "活動內容"),
            ("Agenda", "日程", "議程"),
            ("How to take part", "如何参加", "如何參加"),
        ),
    ),
}
COLLECTIONS = {kind: shape.collection for kind, shape in SHAPES.items()}
TYPES = tuple(SHAPES)


LESSON = "lesson"
"""What a course's lesson is called among the types that are searched."""


def address(slug: str) -> str:
    """The path of an item's page."""
    return f"/knowledge/{slug}"


def lesson_name(course: str, lesson: str) -> str:
    """What a lesson is called among items: no item's name holds a slash."""
    return f"{course}/{lesson}"


def address_of(kind: str, name: str) -> str:
    """The path of what was found: an item's page, or a lesson's."""
    if kind != LESSON:
        return address(name)
    course, _, lesson = name.partition("/")
    return f"/courses/{course}/lessons/{lesson}"
