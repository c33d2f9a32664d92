"""Oskelund Foods' third quarter, as `services` would freeze it."""

from datetime import UTC, date, datetime, timedelta

from reports.figures import UNITS, Definition, FigureKey, Source
from reports.model import (
    Author,
    CallWeek,
    Feature,
    Figure,
    Names,
    Note,
    Party,
    Snapshot,
    Week,
    Window,
)

QUARTER = Window(first=date(2026, 7, 1), last=date(2026, 9, 30))
AS_OF = datetime(2026, 9, 30, 22, 15, tzinfo=UTC)
_MONDAY = date(2026, 6, 29)
_ACTIVE = (84, 71, 58, 55, 60, 78, 92, 101, 118, 129, 136, 141, 148, 152)
_SET_UP = (112, 112, 112, 112, 112, 140, 140, 148, 208, 208, 214, 214, 220, 226)
_BEFORE = (40, 42, 47, 58, 61, 66, 70, 72, 78, 81, 80, 84, 84)
_CALLS = (4100, 5200, 5100, 6000, 6100, 8200, 9000, 11200, 23900, 27100, 30200, 31000, 33100, 9400)


def figure(
    key: FigureKey,
    value: float | None,
    definition: Definition,
    *,
    previous: float | None = None,
    counts: tuple[int, int] | None = None,
    window: Window | None = QUARTER,
    sources: tuple[Source, ...] = (Source.USAGE_EVENTS,),
) -> Figure:
    part, whole = counts or (None, None)
    return Figure(
        key=key,
        value=value,
        unit=UNITS[key],
        definition=definition,
        window=window,
        sources=sources,
        as_of=AS_OF,
        previous=previous,
        part=part,
        whole=whole,
    )


def _week(i: int) -> Week:
    monday = _MONDAY + timedelta(days=7 * i)
    return Week(monday=monday, active=_ACTIVE[i], provisioned=_SET_UP[i], complete=i < 13)


def _week_before(i: int) -> Week:
    monday = date(2026, 3, 30) + timedelta(days=7 * i)
    return Week(monday=monday, active=_BEFORE[i], provisioned=112)


def _call_week(i: int) -> CallWeek:
    monday = _MONDAY + timedelta(days=7 * i)
    return CallWeek(monday=monday, calls=_CALLS[i], complete=i < 13)


FIGURES = (
    figure(
        FigureKey.ACTIVATION_RATE,
        0.793,
        Definition.ACTIVATION_BY_SEATS,
        counts=(238, 300),
        window=None,
        sources=(Source.USAGE_EVENTS, Source.CONTRACT_SEATS),
    ),
    figure(
        FigureKey.LOGIN_RATIO,
        0.823,
        Definition.LOGIN_RATIO,
        previous=0.77,
        counts=(186, 226),
        sources=(Source.USAGE_EVENTS, Source.PERSON_LIST),
    ),
    figure(FigureKey.STICKINESS, 0.447, Definition.STICKINESS, previous=0.451),
    figure(FigureKey.TIME_ONLINE, 4_334_400, Definition.TIME_ONLINE, previous=4_700_000),
    figure(FigureKey.WAU, 152, Definition.WAU, previous=84),
    figure(
        FigureKey.BREADTH,
        0.8,
        Definition.BREADTH,
        counts=(8, 10),
        sources=(Source.USAGE_EVENTS, Source.ENTITLEMENTS),
    ),
    figure(FigureKey.INTEGRATION_CALLS, 209_600, Definition.INTEGRATION_CALLS, previous=177_600),
)

_FEATURES = (
    ("approval_chains", "Approval chains", "审批链", "簽核鏈", 0.96, 152, 8120),
    ("request_forms", "Request forms", "申请表单", "申請表單", 0.81, 140, 5210),
    ("audit_trail", "Audit trail", "审计记录", "稽核紀錄", 0.74, 22, 913),
    ("live_dashboards", "Live dashboards", "实时看板", "即時儀表板", 0.63, 12, 402),
    ("data_imports", "Data imports", "数据导入", "資料匯入", 0.58, 9, 120),
    ("erp_connector", "ERP connector", "ERP 连接器", "ERP 介接", 0.52, 4, 2200),
    ("task_hand_over", "Task hand-over", "任务交接", "任務交接", 0.38, 31, 180),
    ("delegation", "Delegation", "委托审批", "代理簽核", 0.22, 9, 18),
    ("scheduled_reports", "Scheduled reports", "定时报表", "排程報表", 0.0, 0, 0),
    ("escalation_rules", "Escalation rules", "升级规则", "升級規則", 0.0, 0, 0),
)

SNAPSHOT = Snapshot(
    account=Party(key="oskelund", name="Oskelund Foods"),
    vendor=Party(key="ferrymark", name="Ferrymark"),
    period=QUARTER,
    time_zone="Europe/Oslo",
    author=Author(name="Mara Quill", written_on=date(2026, 10, 5)),
    version=2,
    published_at=datetime(2026, 10, 6, 8, 0, tzinfo=UTC),
    figures=FIGURES,
    weeks=tuple(_week(i) for i in range(14)),
    weeks_before=tuple(_week_before(i) for i in range(13)),
    features=tuple(
        Feature(
            key=key,
            names=Names(en=en, zh_hans=hans, zh_hant=hant),
            depth=depth,
            users=users,
            uses=uses,
        )
        for key, en, hans, hant, depth, users, uses in _FEATURES
    ),
    calls=tuple(_call_week(i) for i in range(14)),
    integrations=("ERP connector", "payroll export"),
    notes=(
        Note(
            locale="en",
            paragraphs=(
                "The quarter’s real result is that Procurement asked to join early.",
                "What I still owe you is the regional export; it comes in November.",
            ),
        ),
        Note(
            locale="zh-Hans",
            paragraphs=("这个季度真正的成果，是采购部门主动提出提前加入。",),
        ),
    ),
)
