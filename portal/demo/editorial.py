"""What the newsroom is at: a text in review, one that waits for its day, one being improved, and a
translation that its source has left behind.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import User
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft, start_item
from portal.services.knowledge_link_check import check_links
from portal.services.knowledge_workflow import ask_for_review, publish_now, schedule
from portal.tenancy import Scope, system_scope

MARA, ELLEN = "mara@ferrymark.example", "ellen@ferrymark.example"
REVIEWED = {
    "title": "A first quarter that people remember",
    "summary": "Three dates in the calendar of a new customer, and what each of them is for.",
    "audience": "vendor",
    "features": ["approval-chains"],
    "effect": "62 → 81 % of new customers active in week 12",
}
REVIEWED_BODY = """## Scenario

A customer has signed; the project begins on Monday.

## Problem

Everybody is busy with data and rights. Nobody speaks about the goal any more until the renewal.

## Method

1. **Week 2**: half an hour with the champion on one question: what should be different in spring?
2. **Week 6**: show the first figures, also where they are poor.
3. **Week 12**: the decision maker sees the goal and how far it is.

## Effect

| Measure | Before | After |
| --- | --- | --- |
| New customers active in week 12 | 62 % | 81 % |

## Three traps

- Moving week 6, as “there is nothing to show yet”. That is what it is for.
- Inviting ten people to week 2.
- Sending figures that nobody was asked about.
"""
PLANNED = {
    "title": "Open class: escalation rules from the ground up",
    "summary": "One hour with questions, for champions.",
    "audience": "customers",
    "features": ["escalation-rules"],
    "kind": "open-class",
    "zone": "Europe/Oslo",
    "link": "https://meet.ferrymark.example/open-class",
}
PLANNED_BODY = """## What it is about

How a rule decides who is asked next, and when it should rather wait.

## Agenda

1. A rule that everybody needs
2. Working hours and holidays
3. Your questions

## How to take part

Open the link five minutes before it begins. It is recorded.
"""
IMPROVED, OUTDATED = "month-end-approvals", "who-approves-while-away"


def load_editorial(database: Database, now: datetime) -> None:
    """With whoever of the cast is there; without an editor there is nobody to ask."""
    with database.session(system_scope(now, "demo")) as session:
        asked = select(User.email, User.id, User.key, User.name)
        known = {row.email: row for row in session.execute(asked)}
    if MARA not in known or ELLEN not in known:
        return
    mara = _scope(known[MARA], Role.CSM, now)
    ellen = _scope(known[ELLEN], Role.EDITOR, now)
    with database.session(ellen, writes=True) as session:
        _improve(session, OUTDATED, "the end date", "the first day and the end date", live=True)
        _plan(session, now)
    with database.session(mara, writes=True) as session:
        slug = start_item(session, "best-practice", "", "en", REVIEWED, REVIEWED_BODY)
        ask_for_review(session, slug, known[ELLEN].key)
        _improve(session, IMPROVED, "Friday", "Friday afternoon", live=False)
    with database.session(system_scope(now, "demo"), writes=True) as session:
        check_links(session)


def _plan(session: Session, now: datetime) -> None:
    """An event in two weeks, read from tomorrow on."""
    day = (now + timedelta(days=14)).date()
    when = {"starts_at": f"{day} 15:00", "ends_at": f"{day} 16:00"}
    slug = start_item(session, "event", "", "en", {**PLANNED, **when}, PLANNED_BODY)
    tomorrow = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    schedule(session, slug, tomorrow)


def _improve(session: Session, slug: str, words: str, better: str, *, live: bool) -> None:
    """`live`: it is published, so that the translations are behind."""
    draft = open_draft(session, slug, "en")
    body = draft.body.replace(words, better, 1)
    save_draft(session, slug, "en", DraftInput({}, body), draft.token)
    if live:
        publish_now(session, slug, ["en"])


def _scope(person: Any, role: Role, now: datetime) -> Scope:
    reach = frozenset[int]()
    return Scope(
        user_id=person.id, role=role, accounts=reach, now=now, origin="demo", actor=person.name
    )
