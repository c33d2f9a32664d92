"""The demo's closed loop: what customers told, how it went, and what waits for whose word."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.demo.acting import Cast
from portal.demo.loop_texts import (
    CHEN,
    ELIF,
    INGRID,
    JONAS,
    LIN,
    MARA,
    PAUL,
    PIA,
    REQUESTS,
    SHARED,
    WU,
    XIAOLAN,
    Shared,
    Told,
)
from portal.domain.request_judging import Judgement, Question
from portal.domain.requests import Answer, Kind, State
from portal.models import (
    CannedReply,
    CannedReplyText,
    OutboxMessage,
    Request,
    ServiceCalendar,
    ServiceLevel,
    SharedRequest,
)
from portal.services.requests.confirming import answer_request
from portal.services.requests.handing_in import Telling, hand_in
from portal.services.requests.joining import join_shared
from portal.services.requests.judging import judge_change
from portal.services.requests.merging import join_family
from portal.services.requests.moving import move_request
from portal.services.requests.sharing import (
    SharedText,
    Target,
    create_shared,
    edit_shared,
    move_shared,
    publish_shared,
)
from portal.services.requests.steps import TOLD
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.voices import vote
from portal.tenancy import system_scope

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
C, P, D, R = State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED
# (days ago, who, what, about what, with which words), in the order of time.
STEPS: tuple[tuple[float, str, str, str, object], ...] = (
    (92, MARA, "write", "print", "How many sheets would that be in a week?"),
    (92, MARA, "move", "print", C),
    (91, PIA, "write", "print", "Four or five."),
    (
        84,
        PAUL,
        "decline",
        "print",
        (
            "Fewer than 1 % of approvals are printed. The browser prints the sheet on A5 if you "
            "choose 70 % in its dialog."
        ),
    ),
    (78.1, MARA, "move", "export", C),
    (78, MARA, "write", "export", "Thank you for the ten minutes on the phone, Ingrid."),
    (72, PAUL, "note", "export", "Twelve managers, and the renewal is theirs to decide."),
    (71.5, PAUL, "judge", "export", ("yes", "decides", "quarter", "weeks", "told")),
    (71, PIA, "write", "export", "Please keep the column order: a macro of ours reads it."),
    (70, PIA, "vote", "export", None),
    (69, JONAS, "move", "export-quillon", C),
    (59.9, PAUL, "share", "by-region", "export"),
    (59.8, PAUL, "share", "by-region", "export-quillon"),
    (59.7, PAUL, "publish", "by-region", None),
    (58, CHEN, "join", "by-region", None),
    (57, LIN, "join", "by-region", None),
    (55, PAUL, "ship", "by-region", (C, P)),
    (53, MARA, "move", "second-approver", C),
    (46, XIAOLAN, "move", "phone-offline", C),
    (46, XIAOLAN, "write", "phone-offline", "一天里大约会有多少次遇到没有信号？"),
    (45, CHEN, "write", "phone-offline", "每班大约八到十次。"),
    (45, WU, "vote", "phone-offline", None),
    (44, PAUL, "share", "currency", "second-approver"),
    (43.9, PAUL, "publish", "currency", None),
    (42, ELIF, "join", "currency", None),
    (40, PAUL, "ship", "by-region", (D,)),
    (
        40,
        PAUL,
        "write",
        "export",
        "We build it as a filter of the export itself, so that a schedule can use it too.",
    ),
    (39, PAUL, "share", "offline", "phone-offline"),
    (38.9, PAUL, "publish", "offline", None),
    (37, INGRID, "join", "offline", None),
    (36, PIA, "join", "offline", None),
    (35, LIN, "join", "offline", None),
    (34, PAUL, "ship", "currency", (C, P, D)),
    (33, PAUL, "ship", "offline", (C, P)),
    (32, PAUL, "target", "offline", "quarter"),
    (31, JONAS, "move", "archive", C),
    (30, JONAS, "note", "archive", "Promised by sales for the end of the year."),
    (29.5, PAUL, "judge", "archive", ("no", "vendor", "later", "months", "untold")),
    (29, PAUL, "move", "archive", P),
    (28, XIAOLAN, "write", "store-dashboards", "請問是哪三張圖？"),
    (15, XIAOLAN, "write", "import-date", "已复现，原因是模板里没有写明日期格式。"),
    (15, PAUL, "move", "import-date", State.REPRODUCED),
    (12, PAUL, "move", "import-date", State.FIXING),
    (9, PAUL, "move", "import-date", State.FIXED),
    (8.5, MARA, "write", "figures", "I bring the list to the meeting and send it to you before."),
    (5, PAUL, "release", "by-region", "release-26-11"),
    (4.5, LIN, "answer", "by-region", (Answer.WORKS, "")),
    (4, PAUL, "move", "tile", State.REPRODUCED),
    (3.9, MARA, "write", "tile", "We see it too: the tile asks only when the page opens."),
    (3, MARA, "write", "delegation", "Both: who approved, and for whom. See the guide."),
    (3, MARA, "move", "delegation", R),
    (2.9, ELIF, "answer", "by-region", (Answer.NOT_YET, "Two of our branches share a region.")),
    (2, PAUL, "move", "tile", State.FIXING),
)


@dataclass
class _Story:
    """Keys of what has been told and shared so far, by their short names."""

    cast: Cast
    now: datetime
    told: dict[str, str] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)


def load_loop(database: Database, now: datetime) -> None:
    """Of those who are there: a request of a company that was left out is not told."""
    with database.session(system_scope(now, "demo"), writes=True) as session:
        _add_levels(session)
        _add_replies(session, now)
        session.commit()
    story = _Story(Cast(database, now), now)
    beginnings: list[tuple[float, Callable[[], None]]] = [
        *((one.days, _telling(story, one)) for one in REQUESTS if one.who in story.cast.users),
        *((one.days, _sharing(story, one)) for one in SHARED),
        *((step[0], _step(story, step)) for step in STEPS if step[1] in story.cast.users),
    ]
    for _days, act in sorted(beginnings, key=lambda one: -one[0]):
        act()
    with database.session(system_scope(now, "demo"), writes=True) as session:
        _forget_old_news(session, now)
        session.commit()


def _telling(story: _Story, one: Told) -> Callable[[], None]:
    def act() -> None:
        telling = Telling(
            kind=one.kind,
            title=one.title,
            told=one.told,
            visibility=one.visibility,
            severity=one.severity,
            effect=one.effect,
            feature_key=one.feature,
        )
        with story.cast.at(one.who, one.days) as session:
            story.told[one.name] = hand_in(session, telling)

    return act


def _sharing(story: _Story, one: Shared) -> Callable[[], None]:
    def act() -> None:
        texts = {locale: SharedText(*words) for locale, words in one.texts.items()}
        with story.cast.at(PAUL, one.days) as session:
            story.shared[one.name] = create_shared(session, Kind.NEED, texts)

    return act


def _step(story: _Story, step: tuple[float, str, str, str, object]) -> Callable[[], None]:
    days, who, what, about, words = step

    def act() -> None:
        if about not in story.told and about not in story.shared:
            return
        if what == "share" and str(words) not in story.told:
            return
        account = None if who == PAUL else _account_of(story, about)
        with story.cast.at(who, days, account) as session:
            _ACTS[what](story, session, about, words)

    return act


def _account_of(story: _Story, about: str) -> int | None:
    """A CSM reaches the account that the request is of."""
    teller = next((one.who for one in REQUESTS if one.name == about), "")
    row = story.cast.users.get(teller)
    return None if row is None else row.account_id


def _move(story: _Story, session: Session, about: str, to: object) -> None:
    move_request(session, story.told[about], State(str(to)))


def _decline(story: _Story, session: Session, about: str, reason: object) -> None:
    move_request(session, story.told[about], State.DECLINED, str(reason))


def _write(story: _Story, session: Session, about: str, words: object) -> None:
    write_message(session, story.told[about], str(words))


def _note(story: _Story, session: Session, about: str, words: object) -> None:
    write_note(session, story.told[about], str(words))


def _judge(story: _Story, session: Session, about: str, answers: object) -> None:
    given = answers if isinstance(answers, tuple) else ()
    judge_change(session, story.told[about], Judgement(dict(zip(Question, given, strict=True))))


def _vote(story: _Story, session: Session, about: str, _words: object) -> None:
    vote(session, story.told[about])


def _share(story: _Story, session: Session, about: str, name: object) -> None:
    join_family(session, story.told[str(name)], story.shared[about])


def _publish(story: _Story, session: Session, about: str, _words: object) -> None:
    publish_shared(session, story.shared[about])


def _join(story: _Story, session: Session, about: str, _words: object) -> None:
    join_shared(session, story.shared[about])


def _ship(story: _Story, session: Session, about: str, states: object) -> None:
    for state in states if isinstance(states, tuple) else ():
        move_shared(session, story.shared[about], state)


def _release(story: _Story, session: Session, about: str, note: object) -> None:
    move_shared(session, story.shared[about], State.RELEASED, release_note=str(note))


def _target(story: _Story, session: Session, about: str, unit: object) -> None:
    texts = next(one.texts for one in SHARED if one.name == about)
    words = {locale: SharedText(*said) for locale, said in texts.items()}
    edit_shared(session, story.shared[about], words, Target(_quarter_s_end(story.now), str(unit)))


def _answer(story: _Story, session: Session, about: str, said: object) -> None:
    """The account's own request in the family is answered for."""
    key = session.scalar(
        select(Request.key)
        .join(SharedRequest, SharedRequest.id == Request.shared_id)
        .where(SharedRequest.key == story.shared[about])
        .order_by(Request.id)
        .limit(1)
    )
    if key is not None and isinstance(said, tuple):
        answer_request(session, key, *said)


_ACTS: dict[str, Callable[[_Story, Session, str, object], None]] = {
    "move": _move,
    "decline": _decline,
    "write": _write,
    "note": _note,
    "judge": _judge,
    "vote": _vote,
    "share": _share,
    "publish": _publish,
    "join": _join,
    "ship": _ship,
    "release": _release,
    "target": _target,
    "answer": _answer,
}


def _quarter_s_end(now: datetime) -> date:
    """Of the next quarter."""
    month = (now.month - 1) // 3 * 3 + 7
    first_after = date(now.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return first_after - timedelta(days=1)


def _add_levels(session: Session) -> None:
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


def _add_replies(session: Session, now: datetime) -> None:
    for name, texts in REPLIES:
        reply = CannedReply(name=name, created_at=now)
        session.add(reply)
        session.flush()
        session.add_all(
            CannedReplyText(reply_id=reply.id, locale=locale, body=body)
            for locale, body in texts.items()
        )


def _forget_old_news(session: Session, now: datetime) -> None:
    """Nobody is told today of what happened weeks ago."""
    old = now - timedelta(days=6)
    session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.kind == TOLD,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.created_at < old,
        )
    )
