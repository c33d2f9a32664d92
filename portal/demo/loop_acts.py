"""How each kind of step of the demo's loop is done: by the services that people use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.acting import Cast
from portal.demo.loop_texts import SHARED
from portal.domain.request_judging import Judgement, Question
from portal.domain.requests import State
from portal.models import Request, SharedRequest
from portal.services.requests.confirming import answer_request
from portal.services.requests.joining import join_shared
from portal.services.requests.judging import judge_change
from portal.services.requests.merging import join_family
from portal.services.requests.moving import move_request
from portal.services.requests.sharing import (
    SharedText,
    Target,
    edit_shared,
    move_shared,
    publish_shared,
)
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.voices import vote


@dataclass
class Story:
    """Keys of what has been told and shared so far, by their short names."""

    cast: Cast
    now: datetime
    told: dict[str, str] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)


def _move(story: Story, session: Session, about: str, to: object) -> None:
    move_request(session, story.told[about], State(str(to)))


def _decline(story: Story, session: Session, about: str, reason: object) -> None:
    move_request(session, story.told[about], State.DECLINED, str(reason))


def _write(story: Story, session: Session, about: str, words: object) -> None:
    write_message(session, story.told[about], str(words))


def _note(story: Story, session: Session, about: str, words: object) -> None:
    write_note(session, story.told[about], str(words))


def _judge(story: Story, session: Session, about: str, answers: object) -> None:
    given = answers if isinstance(answers, tuple) else ()
    judge_change(session, story.told[about], Judgement(dict(zip(Question, given, strict=True))))


def _vote(story: Story, session: Session, about: str, _words: object) -> None:
    vote(session, story.told[about])


def _share(story: Story, session: Session, about: str, name: object) -> None:
    join_family(session, story.told[str(name)], story.shared[about])


def _publish(story: Story, session: Session, about: str, _words: object) -> None:
    publish_shared(session, story.shared[about])


def _join(story: Story, session: Session, about: str, _words: object) -> None:
    join_shared(session, story.shared[about])


def _ship(story: Story, session: Session, about: str, states: object) -> None:
    for state in states if isinstance(states, tuple) else ():
        move_shared(session, story.shared[about], state)


def _release(story: Story, session: Session, about: str, note: object) -> None:
    move_shared(session, story.shared[about], State.RELEASED, release_note=str(note))


def _target(story: Story, session: Session, about: str, unit: object) -> None:
    texts = next(one.texts for one in SHARED if one.name == about)
    words = {locale: SharedText(*said) for locale, said in texts.items()}
    edit_shared(session, story.shared[about], words, Target(_quarter_s_end(story.now), str(unit)))


def _answer(story: Story, session: Session, about: str, said: object) -> None:
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


def _quarter_s_end(now: datetime) -> date:
    """Of the next quarter."""
    month = (now.month - 1) // 3 * 3 + 7
    first_after = date(now.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return first_after - timedelta(days=1)


ACTS: dict[str, Callable[[Story, Session, str, object], None]] = {
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
