"""What the home pages show, role by role: each composed of what the other services know."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.invitations import InvitationState
from portal.models import KnowledgeItem
from portal.services.adoption import (
    Adoption,
    Week,
    adoption_before,
    show_adoption,
    weekly_active,
)
from portal.services.arrivals import list_unlisted
from portal.services.audience import readable
from portal.services.breadth_course import breadth_course
from portal.services.contacts import Contact, find_csm
from portal.services.health.sharing import SharedHealth, shared_health
from portal.services.invitations import InvitationView, list_invitations
from portal.services.knowledge import ItemLine, list_items
from portal.services.next_steps import Lesson, NextStep, lessons, next_steps
from portal.services.value_reports import ReportRow, list_reports, show_report
from portal.tenancy import scope_of
from reports.model import Snapshot

NEW_REPORT = timedelta(days=60)
NEW_TEXT = timedelta(days=30)
MOST_TEXTS = 6


@dataclass(frozen=True, slots=True)
class ChampionHome:
    """`breadth_weeks`: core features used, week by week. `unlisted`: persons seen in events whom
    no list names. `invitations`: those that nobody has answered. `news`: the newest texts.
    """

    now: Adoption
    before: Adoption
    breadth_weeks: list[int]
    weeks: list[Week]
    reports: list[ReportRow]
    new_report: ReportRow | None
    invitations: list[InvitationView]
    unlisted: int
    steps: list[NextStep]
    news: list[ItemLine]
    csm: Contact | None
    health: SharedHealth | None


@dataclass(frozen=True, slots=True)
class MemberHome:
    """`total` counts the texts that the reader may read, `new` those of the last 30 days."""

    total: int
    new: int
    news: list[ItemLine]
    lessons: list[Lesson]
    csm: Contact | None


@dataclass(frozen=True, slots=True)
class ExecutiveHome:
    """`snapshot` is the frozen one of the newest published report; None before the first."""

    reports: list[ReportRow]
    snapshot: Snapshot | None
    csm: Contact | None


def champion_home(session: Session, account_key: str) -> ChampionHome:
    """As of the account's last full day, over 30 days. Raises NotFound."""
    now = show_adoption(session, account_key)
    reports = list_reports(session, account_key)
    return ChampionHome(
        now=now,
        before=adoption_before(session, now),
        breadth_weeks=breadth_course(session, account_key, now.as_of),
        weeks=weekly_active(session, account_key, now.as_of),
        reports=reports,
        new_report=_new_report(reports, scope_of(session).now),
        invitations=_unanswered(session),
        unlisted=sum(row.persons for row in list_unlisted(session)),
        steps=next_steps(session, now.features) if now.coverage_days else [],
        news=list_items(session, limit=MOST_TEXTS).lines,
        csm=find_csm(session, account_key),
        health=shared_health(session, account_key),
    )


def _new_report(reports: list[ReportRow], now: datetime) -> ReportRow | None:
    """The one published last, if that is not long ago."""
    published = [one for one in reports if one.published_at and now - one.published_at < NEW_REPORT]
    return max(published, key=lambda one: one.published_at or now, default=None)


def _unanswered(session: Session) -> list[InvitationView]:
    waiting = {InvitationState.OPEN, InvitationState.EXPIRED}
    return [one for one in list_invitations(session) if one.state in waiting]


def member_home(session: Session, account_key: str) -> MemberHome:
    items = list_items(session, limit=MOST_TEXTS)
    return MemberHome(
        total=items.total,
        new=_count_new(session),
        news=items.lines,
        lessons=lessons(session, account_key),
        csm=find_csm(session, account_key),
    )


def _count_new(session: Session) -> int:
    since = (scope_of(session).now - NEW_TEXT).date()
    found = select(func.count(KnowledgeItem.id)).where(
        readable(session), KnowledgeItem.published_on >= since
    )
    return session.scalar(found) or 0


def executive_home(session: Session, account_key: str) -> ExecutiveHome:
    reports = list_reports(session, account_key)
    newest = reports[0] if reports else None
    return ExecutiveHome(
        reports=reports,
        snapshot=show_report(session, newest.key).snapshot if newest else None,
        csm=find_csm(session, account_key),
    )
