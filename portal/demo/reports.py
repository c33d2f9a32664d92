"""The value reports of the demo world, and what the success manager wrote in them."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """`quarters_back`: 1 is the last calendar quarter that is over."""

    account: str
    author: str
    quarters_back: int
    published: bool
    notes: dict[str, str]

    def period(self, end: date) -> tuple[date, date]:
        """First and last day, both included."""
        last = end + timedelta(days=1)
        for _ in range(self.quarters_back):
            last = last.replace(month=(last.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
        return last.replace(month=last.month - 2, day=1), last


REPORTS = (
    PlannedReport(
        "oskelund-foods",
        "mara@ferrymark.example",
        1,
        True,
        {
            "en": "The quarter's real result is that Procurement asked to join early. Their first "
            "month was quieter than ours usually are, because you had named three trainers.\n\n"
            "What I still owe you is the regional export. It comes in November, and I will call "
            "on the day.",
            "zh-Hans": "这个季度真正的成果，是采购部主动要求提前加入。"
            "他们的第一个月比通常更平稳，因为你们事先指定了三位内部讲师。\n\n"
            "我还欠你们的是区域导出功能。它会在 11 月上线，当天我会打电话告知。",
            "zh-Hant": "這一季真正的成果，是採購部主動要求提前加入。"
            "他們的第一個月比通常更平穩，因為你們事先指定了三位內部講師。\n\n"
            "我還欠你們的是區域匯出功能。它會在 11 月上線，當天我會打電話告知。",
        },
    ),
    PlannedReport(
        "tarnby-freight",
        "mara@ferrymark.example",
        1,
        True,
        {
            "en": "Eleven depots close the month together, and nobody chases on a Friday any "
            "more. Next quarter we look at escalation rules for the harbour office."
        },
    ),
    PlannedReport(
        "heliox-labs",
        "lin@ferrymark.example",
        1,
        True,
        {
            "zh-Hans": "金蝶对接上线后，研发和采购的审批数据每天自动同步，财务不再手工核对。\n\n"
            "下一季我们一起把定时报表推广到各项目组。",
            "en": "Since the ERP connector went live, approvals flow into the books every night "
            "and nobody compares lists by hand.",
        },
    ),
    PlannedReport(
        "pellan-retail",
        "lin@ferrymark.example",
        1,
        True,
        {
            "zh-Hant": "門市主管已能在手機上簽核，平均等待時間明顯縮短。\n\n"
            "下一季建議先在採購部試行升級規則。",
            "en": "Store managers approve on the phone now, and requests wait far less.",
        },
    ),
    PlannedReport("quillon-insurance", "mara@ferrymark.example", 1, False, {}),
)
