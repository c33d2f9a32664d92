"""What the demo's desk answers by: hours, service levels and canned replies."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.models import CannedReply, CannedReplyText, ServiceCalendar, ServiceLevel

HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}
# Business minutes to the first word, the next one, the solution.
LEVELS = {
    ("strategic", ""): (240, 2400, None),
    ("strategic", "blocking"): (60, 240, 960),
    ("strategic", "major"): (240, 960, 4800),
    ("standard", ""): (480, 4800, None),
    ("standard", "blocking"): (120, 480, 1440),
    ("small", ""): (960, None, None),
}
REPLIES = (
    (
        "More about the scene",
        {
            "en": "Thank you for telling us. Who would use it, and when in their day? "
            "One example from last week helps most.",
            "zh-Hans": "感谢反馈。请问谁会用到、在一天中的什么时候？举一个上周的例子最有帮助。",
            "zh-Hant": "感謝您的回饋。請問誰會用到、在一天中的什麼時候？舉一個上週的例子最有幫助。",
        },
    ),
    (
        "We could reproduce it",
        {
            "en": "We see the same here and are looking for the cause. You hear from us tomorrow.",
            "zh-Hans": "我们已复现该问题，正在查找原因，明天会再向您说明。",
            "zh-Hant": "我們已重現該問題，正在查找原因，明天會再向您說明。",
        },
    ),
)


def add_levels(session: Session) -> None:
    calendar = ServiceCalendar(
        name="Oslo", zone="Europe/Oslo", hours=HOURS, holidays="NO", days_off=[]
    )
    session.add(calendar)
    session.flush()
    for (tier, severity), (first, update, solution) in LEVELS.items():
        session.add(
            ServiceLevel(
                tier=tier,
                severity=severity,
                calendar_id=calendar.id,
                first_minutes=first,
                update_minutes=update,
                solution_minutes=solution,
            )
        )


def add_replies(session: Session, now: datetime) -> None:
    for name, texts in REPLIES:
        reply = CannedReply(name=name, created_at=now)
        session.add(reply)
        session.flush()
        session.add_all(
            CannedReplyText(reply_id=reply.id, locale=locale, body=body)
            for locale, body in texts.items()
        )
