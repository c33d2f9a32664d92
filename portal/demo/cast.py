"""Who is in the demo world. Days are counted back from the day on which the figures end."""

from dataclasses import dataclass, field

VENDOR = "Ferrymark"
VENDOR_ZONE = "Europe/Oslo"
# Printed by `make run`; a demo is never loaded by itself in production.
PASSWORD = "walk-the-pace-line"  # noqa: S105 # the demo's, told to everybody
DAYS_OF_USAGE = 425


@dataclass(frozen=True, slots=True)
class FeatureRow:
    key: str
    name_en: str
    name_zh: str
    module: str
    kind: str
    target: float
    core: bool = True

    @property
    def event(self) -> str:
        """The name that the vendor's product sends."""
        return self.name_en.replace("-", " ").title() + " Used"


FEATURES = (
    FeatureRow("approval-chains", "Approval chains", "审批流程", "approvals", "process", 1.5),
    FeatureRow("request-forms", "Request forms", "申请表单", "approvals", "record", 1.25),
    FeatureRow("audit-trail", "Audit trail", "审计轨迹", "control", "record", 1.0),
    FeatureRow("live-dashboards", "Live dashboards", "实时仪表盘", "insight", "record", 1.25),
    FeatureRow("data-imports", "Data imports", "数据导入", "integration", "integration", 0.8),
    FeatureRow("erp-connector", "ERP connector", "ERP 对接", "integration", "integration", 5),
    FeatureRow("task-handover", "Task hand-over", "任务交接", "approvals", "process", 1.2),
    FeatureRow("delegation", "Delegation", "代理审批", "approvals", "process", 0.7),
    FeatureRow("scheduled-reports", "Scheduled reports", "定时报表", "insight", "custom", 1),
    FeatureRow("escalation-rules", "Escalation rules", "超时升级", "control", "process", 1),
    FeatureRow("mobile-card", "Mobile card", "移动卡片", "approvals", "record", 1, core=False),
    FeatureRow("theme-editor", "Theme editor", "主题编辑", "design", "custom", 0.5, core=False),
)


@dataclass(frozen=True, slots=True)
class Team:
    """`joins` counts days back from the end; None: there from go-live on."""

    name: str
    persons: int
    joins: int | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A customer. `shape` names the course of its usage (usage.py); `features` maps a feature's
    key to its weight, or to (weight, days back from the end on which its use began).
    """

    key: str
    name: str
    time_zone: str
    locale: str
    tier: str
    industry: str
    region: str
    seats: int
    currency: str
    arr: str
    started: int
    renews: int
    live: int
    shape: str
    csm: str
    teams: tuple[Team, ...]
    features: dict[str, float | tuple[float, int]] = field(default_factory=dict)
    entitled: tuple[str, ...] = ()
    people_shown: str = "named"
    integration: tuple[str, int, float] | None = None


ALL = tuple(feature.key for feature in FEATURES if feature.core)
CORE6 = ALL[:6]
USUAL: dict[str, float | tuple[float, int]] = {
    "approval-chains": 1.0,
    "request-forms": 0.7,
    "audit-trail": 0.35,
    "live-dashboards": 0.5,
    "data-imports": 0.2,
    "mobile-card": 0.25,
}

COMPANIES = (
    Company(
        "oskelund-foods", "Oskelund Foods", "Europe/Oslo", "en", "strategic", "food", "north",
        300, "EUR", "96000", 420, 131, 172, "growth", "mara",
        (
            Team("Finance", 64),
            Team("Procurement", 72, 88),
            Team("Sales back office", 58, 150),
            Team("Quality", 38, 110),
            Team("Logistics", 28, 5),
        ),
        {
            **USUAL, "audit-trail": 0.5, "erp-connector": (0.5, 31), "task-handover": (0.3, 60),
            "delegation": (0.16, 12),
        },
        ALL, integration=("ERP", 32, 46.0),
    ),
    Company(
        "quillon-insurance", "Quillon Insurance", "Europe/Berlin", "en", "standard",
        "insurance", "central", 160, "EUR", "64800", 640, 99, 560, "drop", "mara",
        (Team("Claims", 72), Team("Underwriting", 41), Team("Finance", 25)),
        {**USUAL, "escalation-rules": 0.2}, ALL,
    ),
    Company(
        "velkora-health", "Velkora Health", "America/New_York", "en", "strategic",
        "health", "west", 240, "EUR", "142000", 700, 61, 610, "fade", "mara",
        (Team("Clinics", 96), Team("Procurement", 34), Team("Finance", 30)),
        {**USUAL, "delegation": 0.2, "task-handover": 0.25}, ALL, people_shown="groups",
    ),
    Company(
        "tarnby-freight", "Tarnby Freight", "Europe/Copenhagen", "en", "strategic",
        "logistics", "north", 220, "EUR", "118500", 928, 168, 910, "plateau", "mara",
        (Team("Depots", 110), Team("Finance", 40), Team("Office", 38)),
        {
            **USUAL, "erp-connector": 0.6, "task-handover": 0.4, "delegation": 0.3,
            "scheduled-reports": 0.3, "escalation-rules": 0.25,
        },
        ALL, integration=("ERP", 420, 60.0),
    ),
    Company(
        "brannock-tools", "Brannock Tools", "America/Chicago", "en", "standard", "industry",
        "west", 40, "EUR", "31200", 700, 24, 640, "plateau", "jonas",
        (Team("Workshop", 20), Team("Office", 12)),
        {**USUAL, "delegation": 0.3}, ALL[:8],
    ),
    Company(
        "lysander-hotels", "Lysander Hotels", "Europe/Athens", "en", "small", "hospitality",
        "south", 50, "EUR", "28400", 650, 75, 440, "season", "jonas",
        (Team("Front office", 26), Team("Housekeeping", 14)),
        {**USUAL, "task-handover": 0.5}, ALL[:8],
    ),
    Company(
        "marisk-energy", "Marisk Energy", "Europe/Copenhagen", "en", "standard", "energy",
        "north", 64, "EUR", "87000", 516, 214, 460, "overuse", "jonas",
        (Team("Field", 44), Team("Control room", 22)),
        {**USUAL, "erp-connector": 0.4, "escalation-rules": 0.3}, ALL,
        integration=("Grid API", 420, 90.0),
    ),
    Company(
        "dunmore-glass", "Dunmore Glass", "Europe/Dublin", "en", "standard", "industry", "west",
        44, "EUR", "29700", 590, 140, 540, "plateau", "jonas",
        (Team("Works", 22), Team("Office", 10)),
        {**USUAL, "escalation-rules": 0.2}, ALL[:8],
    ),
    Company(
        "heliox-labs", "海立研科技", "Asia/Shanghai", "zh-Hans", "standard", "science", "east",
        90, "CNY", "268000", 479, 251, 430, "growth", "lin",
        (Team("研发", 34), Team("采购", 18), Team("财务", 12)),
        {**USUAL, "data-imports": 0.4, "scheduled-reports": (0.2, 80)}, ALL,
        integration=("金蝶", 120, 30.0),
    ),
    Company(
        "norrby-schools", "Norrby Schools", "Europe/Oslo", "en", "small", "education", "north",
        60, "EUR", "19500", 440, 290, 410, "season", "jonas",
        (Team("Teachers", 38), Team("Administration", 10)), USUAL, CORE6,
    ),
    Company(
        "pellan-retail", "沛嵐零售", "Asia/Taipei", "zh-Hant", "standard", "retail", "east",
        120, "TWD", "1480000", 408, 322, 380, "growth", "lin",
        (Team("門市", 58), Team("採購", 20), Team("財務", 14)),
        {**USUAL, "escalation-rules": (0.2, 40), "delegation": 0.2}, ALL,
    ),
    Company(
        "castor-wynn", "Castor & Wynn", "Europe/London", "en", "small", "law", "west",
        24, "EUR", "18900", 552, 187, 520, "silence", "jonas",
        (Team("Partners", 8), Team("Office", 10)), USUAL, CORE6,
    ),
    Company(
        "ottalie", "Ottalie", "America/New_York", "en", "small", "media", "west",
        45, "EUR", "21600", 75, 290, 47, "stalled", "jonas",
        (Team("Studio", 30), Team("Office", 11)), USUAL, CORE6,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who signs in. `company` is empty on the vendor's side."""

    email: str
    name: str
    role: str
    company: str = ""
    locale: str = "en"

    @property
    def handle(self) -> str:
        return self.email.partition("@")[0]


LOGINS = (
    Login("ingrid@oskelund.example", "Ingrid Dahle", "champion", "oskelund-foods"),
    Login("pia@oskelund.example", "Pia Nygård", "member", "oskelund-foods"),
    Login("henrik@oskelund.example", "Henrik Aas", "executive", "oskelund-foods"),
    Login("elif@quillon.example", "Elif Maurer", "champion", "quillon-insurance"),
    Login("chen@heliox.example", "陈思远", "champion", "heliox-labs", "zh-Hans"),
    Login("wu@heliox.example", "吴敏", "member", "heliox-labs", "zh-Hans"),
    Login("lin@pellan.example", "林書瑜", "champion", "pellan-retail", "zh-Hant"),
    Login("mara@ferrymark.example", "Mara Quill", "csm"),
    Login("jonas@ferrymark.example", "Jonas Verhagen", "csm"),
    Login("lin@ferrymark.example", "林晓岚", "csm", locale="zh-Hans"),
    Login("ellen@ferrymark.example", "Ellen Sørby", "editor"),
    Login("paul@ferrymark.example", "Paul Oduya", "product"),
    Login("greta@ferrymark.example", "Greta Lind", "manager"),
    Login("admin@ferrymark.example", "Ada Mensah", "admin"),
)
