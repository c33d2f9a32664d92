"""The demo's closed loop: what customers told, how it went, and what waits for whose word."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import Database
from portal.demo.acting import Cast
from portal.demo.loop_acts import ACTS, Story
from portal.demo.loop_levels import add_levels, add_replies
from portal.demo.loop_steps import STEPS
from portal.demo.loop_texts import PAUL, REQUESTS, SHARED, Shared, Told
from portal.domain.requests import Kind
from portal.models import OutboxMessage
from portal.services.requests.handing_in import Telling, hand_in
from portal.services.requests.sharing import SharedText, create_shared
from portal.services.requests.steps import TOLD
from portal.tenancy import system_scope


def load_loop(database: Database, now: datetime) -> None:
    """Of those who are there: a request of a company that was left out is not told."""
    with database.session(system_scope(now, "demo"), writes=True) as session:
        add_levels(session)
        add_replies(session, now)
        session.commit()
    story = Story(Cast(database, now), now)
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


def _telling(story: Story, one: Told) -> Callable[[], None]:
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


def _sharing(story: Story, one: Shared) -> Callable[[], None]:
    def act() -> None:
        texts = {locale: SharedText(*words) for locale, words in one.texts.items()}
        with story.cast.at(PAUL, one.days) as session:
            story.shared[one.name] = create_shared(session, Kind.NEED, texts)

    return act


def _step(story: Story, step: tuple[float, str, str, str, object]) -> Callable[[], None]:
    days, who, what, about, words = step

    def act() -> None:
        if about not in story.told and about not in story.shared:
            return
        if what == "share" and str(words) not in story.told:
            return
        account = None if who == PAUL else _account_of(story, about)
        with story.cast.at(who, days, account) as session:
            ACTS[what](story, session, about, words)

    return act


def _account_of(story: Story, about: str) -> int | None:
    """A CSM reaches the account that the request is of."""
    teller = next((one.who for one in REQUESTS if one.name == about), "")
    row = story.cast.users.get(teller)
    return None if row is None else row.account_id


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
