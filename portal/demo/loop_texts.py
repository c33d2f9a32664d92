"""What the demo's customers have told, and what product made of it."""

from dataclasses import dataclass

from portal.domain.requests import Kind, Visibility

INGRID, PIA = "ingrid@oskelund.example", "pia@oskelund.example"
ELIF, CHEN, WU = "elif@quillon.example", "chen@heliox.example", "wu@heliox.example"
LIN = "lin@pellan.example"
MARA, JONAS, XIAOLAN = (f"{name}@ferrymark.example" for name in ("mara", "jonas", "lin"))
PAUL = "paul@ferrymark.example"


@dataclass(frozen=True, slots=True)
class Told:
    """A request by its short name: who told it how many days ago, and what."""

    name: str
    who: str
    days: float
    kind: Kind
    title: str
    told: dict[str, str]
    effect: str = ""
    severity: str = ""
    feature: str = ""
    visibility: Visibility = Visibility.COMPANY


REQUESTS = (
    Told(
        "export",
        INGRID,
        79,
        Kind.NEED,
        "Regional managers want only their own plants in the export",
        {
            "who": "Twelve regional managers",
            "when": "On the second working day, before their cost meeting",
            "wants": "To see the open approvals of their own plants in a spreadsheet, "
            "without the other 29",
            "so_that": "The meeting starts with decisions and not with filtering",
            "today": "Pia splits one export into twelve files; it takes her two hours a month",
        },
        "hours",
        feature="scheduled-reports",
    ),
    Told(
        "export-quillon",
        ELIF,
        70,
        Kind.NEED,
        "Each branch should get its own part of the report",
        {
            "who": "Heads of our four branches",
            "when": "Every Monday, when the report arrives",
            "wants": "Only the cases of their branch",
            "today": "They read 40 pages to find their three",
        },
        "minutes",
        feature="scheduled-reports",
    ),
    Told(
        "name-on-card",
        INGRID,
        0.1,
        Kind.NEED,
        "Show the plant's name on the mobile card",
        {
            "who": "Approvers who are on the road",
            "when": "They approve between two visits",
            "wants": "To see on the card which plant it is for",
            "so_that": "They need not open the request",
        },
        "minutes",
        feature="mobile-card",
    ),
    Told(
        "tile",
        PIA,
        4.2,
        Kind.BUG,
        "Dashboard tile shows yesterday after midnight",
        {
            "steps": "1. Open the dashboard at 23:50\n2. Leave it open until 00:10",
            "expected": "The tile says the new day",
            "happened": "It says yesterday until the page is loaded again",
            "place": "Live dashboards, tile Open approvals",
            "device": "Computer",
            "browser": "Firefox 132",
        },
        "comfort",
        "minor",
        "live-dashboards",
    ),
    Told(
        "second-approver",
        PIA,
        54,
        Kind.NEED,
        "Second approver when the amount is in dollars",
        {
            "who": "Our purchasers for packaging",
            "when": "An order is in a foreign currency",
            "wants": "The chain to ask the treasurer as well",
            "today": "They write her a mail and wait",
        },
        "hours",
        feature="approval-chains",
    ),
    Told(
        "delegation",
        PIA,
        3.3,
        Kind.QUESTION,
        "Who sees a delegated approval in the audit trail?",
        {
            "question": "If I approve for Ole while he is away, whose name is written down?",
            "tried": "The guide on delegation does not say it",
        },
        feature="audit-trail",
    ),
    Told(
        "print",
        PIA,
        93,
        Kind.NEED,
        "Print the approval sheet in A5",
        {
            "who": "Two people at the gate in Skien",
            "when": "A lorry brings something without an order",
            "wants": "A small sheet for the clipboard",
        },
        "comfort",
    ),
    Told(
        "figures",
        INGRID,
        9,
        Kind.NEED,
        "Our works council asks what is kept about each person",
        {
            "who": "The works council, two people",
            "when": "At the meeting on 4 December",
            "wants": "A list of what Ferrymark keeps about a person and for how long",
        },
        visibility=Visibility.PRIVATE,
    ),
    Told(
        "night-shift",
        ELIF,
        0.3,
        Kind.BUG,
        "Night shift cannot approve: the session ends at midnight",
        {
            "steps": "Sign in at 22:00, approve something at 00:05",
            "expected": "It is approved",
            "happened": "The sign-in page comes, and what was typed is gone",
            "device": "Tablet",
            "browser": "Safari 18",
        },
        "stops",
        "blocking",
        "approval-chains",
    ),
    Told(
        "archive",
        ELIF,
        48,
        Kind.NEED,
        "Import the archive before the year ends",
        {
            "who": "Two clerks of claims",
            "when": "Between 10 and 20 December",
            "wants": "To load 60,000 old approvals in one go",
            "today": "The import takes 5,000 a file",
        },
        "hours",
        feature="data-imports",
    ),
    Told(
        "phone-offline",
        CHEN,
        47,
        Kind.NEED,
        "车间里没有网络时也能在手机上审批",
        {
            "who": "夜班的六位班组长",
            "when": "在地下车间巡检，手机没有信号的时候",
            "wants": "先在手机上批准，等有网络时自动同步",
            "so_that": "设备不用停下来等审批",
            "today": "先用纸写，回到办公室再补录",
        },
        "stops",
        feature="mobile-card",
    ),
    Told(
        "copy-chain",
        WU,
        1.2,
        Kind.NEED,
        "把审批流程复制到另一个分公司",
        {
            "who": "我们的系统管理员",
            "when": "每次新分公司上线",
            "wants": "把已有的审批流程整套复制过去，再改负责人",
            "today": "照着截图一步一步重新建，大约半天",
        },
        "hours",
        feature="approval-chains",
    ),
    Told(
        "import-date",
        WU,
        16,
        Kind.BUG,
        "导入表格时，日期的年和日对调了",
        {
            "steps": "上传日期写成 03/04/2026 的表格",
            "expected": "按公司设置识别为 4 月 3 日",
            "happened": "变成了 3 月 4 日",
            "device": "电脑",
            "browser": "Edge 131",
        },
        "minutes",
        "major",
        "data-imports",
    ),
    Told(
        "store-dashboards",
        LIN,
        33,
        Kind.NEED,
        "儀表板也要有繁體中文",
        {
            "who": "38 位門市店長",
            "when": "每天開店前看昨天的數字",
            "wants": "整個畫面都是繁體中文",
            "today": "有三張圖仍是英文，店長每次都要問",
        },
        "minutes",
        feature="live-dashboards",
    ),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A request of all customers, by its short name; `texts`: locale → title and body."""

    name: str
    days: float
    texts: dict[str, tuple[str, str]]
    feature: str = ""


SHARED = (
    Shared(
        "by-region",
        60,
        {
            "en": (
                "Export by region",
                (
                    "An export, and a scheduled report, can be narrowed to a region. Whoever looks "
                    "after some sites gets the open approvals of those and no others."
                ),
            ),
            "zh-Hans": (
                "按区域导出",
                "导出和定时报表都可以限定区域。负责哪些站点，就只收到那些站点的待办审批。",
            ),
            "zh-Hant": (
                "依區域匯出",
                "匯出與定時報表都可以限定區域。負責哪些據點，就只收到那些據點的待辦審批。",
            ),
        },
        "scheduled-reports",
    ),
    Shared(
        "offline",
        40,
        {
            "en": (
                "Approve on the phone without a network",
                (
                    "What is approved where there is no network is kept on the phone and sent as "
                    "soon as there is one. Whoever else has decided meanwhile is told."
                ),
            ),
            "zh-Hans": (
                "没有网络时也能在手机上审批",
                "没有网络时的审批先保存在手机里，一有网络就自动发送；期间若有他人已处理，会通知双方。",
            ),
            "zh-Hant": (
                "沒有網路時也能在手機上審批",
                "沒有網路時的審批先存在手機裡，一有網路就自動送出；期間若已有人處理，會通知雙方。",
            ),
        },
        "mobile-card",
    ),
    Shared(
        "currency",
        44,
        {
            "en": (
                "Second approver by currency",
                "A step of a chain can depend on the currency as well as on the amount.",
            ),
            "zh-Hans": ("按币种增加审批人", "审批流程的环节除了看金额，还可以看币种。"),
            "zh-Hant": ("依幣別增加簽核人", "審批流程的關卡除了看金額，也可以看幣別。"),
        },
        "approval-chains",
    ),
)
