"""Gathers the figures of a value report: each with definition, window, source and as-of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.models import Account
from portal.services.adoption import (
    Adoption,
    DayFigures,
    FeatureUse,
    account_series,
    adoption_before,
    integration_series,
    show_adoption,
    weekly_active,
)
from portal.services.adoption.active import count_active
from portal.services.vendor import show_vendor
from portal.tenancy import scope_of
from portal.usage.bitmaps import union_of
from portal.usage.queries import read_days
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

EVENTS, PERSONS, CONTRACT = Source.USAGE_EVENTS, Source.PERSON_LIST, Source.ENTITLEMENTS
WEEK, WHOLE = 7, 0
Counts = tuple[int | None, int | None]


def gather(
    session: Session,
    *,
    account_id: int,
    period: tuple[date, date],
    version: int,
    notes: Mapping[str, Any],
    author: str,
    published_at: datetime | None = None,
) -> Snapshot:
    """The snapshot of an account's period. `published_at` None makes a draft."""
    account = session.get_one(Account, account_id)
    vendor = show_vendor(session)
    today = scope_of(session).now.astimezone(ZoneInfo(account.time_zone)).date()
    return Snapshot(
        account=Party(key=account.key, name=account.name),
        vendor=Party(key="vendor", name=vendor.name),
        period=Window(first=period[0], last=period[1]),
        time_zone=account.time_zone,
        author=Author(name=author or vendor.name, written_on=today),
        version=version,
        published_at=published_at,
        notes=tuple(_note(locale, text) for locale, text in notes.items() if text.strip()),
        **_measured(session, account, period),
    )


def _note(locale: Any, text: str) -> Note:
    return Note(locale=locale, paragraphs=tuple(paragraphs_of(text)))


def paragraphs_of(text: str) -> list[str]:
    """A blank line begins a new one."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part]


def _measured(session: Session, account: Account, period: tuple[date, date]) -> dict[str, Any]:
    """Nothing where the period has no data: a report says so instead of showing zeros."""
    first, last = period
    days = (last - first).days + 1
    now = show_adoption(session, account.key, last, days)
    if not now.coverage_days:
        return {}
    before = adoption_before(session, now)
    active = [_active(session, account.id, one) for one in (now, before)]
    calls = integration_series(session, account.key, last, days)
    return {
        "figures": (
            _active_persons(
                now,
                active[0],
                active[1] if before.coverage_days else None,
                _of_those_set_up(session, now),
            ),
            *_figures(now, before if before.coverage_days else None),
        ),
        "weeks": _weeks(session, account.key, first, last),
        "weeks_before": _weeks(session, account.key, now.first - timedelta(days=days), before.as_of)
        if before.coverage_days
        else (),
        "features": tuple(_feature(one) for one in now.features if one.core),
        "calls": _calls(account_series(session, account.key, first, last)) if calls.calls else (),
        "integrations": tuple(name for name, _ in calls.names if name),
    }


def _active(session: Session, account_id: int, of: Adoption) -> int:
    """Distinct persons with any event in the whole window."""
    days = read_days(session, account_id, of.first, of.as_of)
    return len(union_of([day.users for day in days]))


def _active_persons(now: Adoption, active: int, before: int | None, counts: Counts) -> Figure:
    return Figure(
        key=FigureKey.ACTIVE_PERSONS,
        value=active,
        unit=UNITS[FigureKey.ACTIVE_PERSONS],
        definition=Definition.ACTIVE_PERSONS,
        window=Window(first=now.first, last=now.as_of),
        sources=(EVENTS,),
        as_of=_as_of(now),
        previous=before,
        part=counts[0],
        whole=counts[1],
    )


def _of_those_set_up(session: Session, now: Adoption) -> Counts:
    """Nothing where the account has no list of persons."""
    if not now.provisioned:
        return None, None
    return count_active(session, now.account, now.first, now.as_of), now.provisioned


@dataclass(frozen=True, slots=True)
class _Asked:
    """`attribute` of an Adoption. Its window are the last `days` of the period: WHOLE for all of
    it, None where the figure has no window.
    """

    key: FigureKey
    attribute: str
    definition: Definition
    days: int | None
    sources: tuple[Source, ...]


_ASKED = (
    _Asked(FigureKey.LOGIN_RATIO, "login_ratio_30d", Definition.LOGIN_RATIO, 30, (EVENTS, PERSONS)),
    _Asked(FigureKey.WAU, "wau", Definition.WAU, WEEK, (EVENTS,)),
    _Asked(FigureKey.MAU, "mau", Definition.MAU, 30, (EVENTS,)),
    _Asked(FigureKey.STICKINESS, "stickiness", Definition.STICKINESS, 30, (EVENTS,)),
    _Asked(FigureKey.TIME_ONLINE, "time_online_seconds", Definition.TIME_ONLINE, WHOLE, (EVENTS,)),
    _Asked(FigureKey.BREADTH, "breadth_ratio", Definition.BREADTH, WHOLE, (EVENTS, CONTRACT)),
    _Asked(FigureKey.DEPTH, "depth", Definition.DEPTH, WHOLE, (EVENTS, CONTRACT)),
    _Asked(
        FigureKey.INTEGRATION_CALLS,
        "integration_calls",
        Definition.INTEGRATION_CALLS,
        WHOLE,
        (EVENTS,),
    ),
    _Asked(
        FigureKey.INTEGRATIONS_SEEN,
        "integrations",
        Definition.INTEGRATIONS_SEEN,
        WHOLE,
        (EVENTS,),
    ),
)


def _figures(now: Adoption, before: Adoption | None) -> tuple[Figure, ...]:
    return tuple(_figure(now, before, one) for one in (_activation(now), *_ASKED))


def _activation(now: Adoption) -> _Asked:
    """Measured against the seats, or where none are known against the list of persons."""
    by, base = (
        (Definition.ACTIVATION_BY_SEATS, Source.CONTRACT_SEATS)
        if now.seats
        else (Definition.ACTIVATION_BY_PROVISIONED, PERSONS)
    )
    return _Asked(FigureKey.ACTIVATION_RATE, "activation_rate", by, None, (EVENTS, base))


def _figure(now: Adoption, before: Adoption | None, asked: _Asked) -> Figure:
    part, whole = _counts(now, asked.key)
    return Figure(
        key=asked.key,
        value=getattr(now, asked.attribute),
        unit=UNITS[asked.key],
        definition=asked.definition,
        window=_window(now, asked.days),
        sources=asked.sources,
        as_of=_as_of(now),
        previous=getattr(before, asked.attribute) if before else None,
        part=part,
        whole=whole,
    )


def _window(now: Adoption, days: int | None) -> Window | None:
    if days is None:
        return None
    first = now.as_of - timedelta(days=days - 1) if days else now.first
    return Window(first=first, last=now.as_of)


def _counts(now: Adoption, key: FigureKey) -> Counts:
    """What a ratio is made of."""
    if key is FigureKey.ACTIVATION_RATE:
        return now.activated, now.seats or now.provisioned
    if key is FigureKey.LOGIN_RATIO:
        return round((now.login_ratio_30d or 0.0) * now.provisioned), now.provisioned
    if key is FigureKey.BREADTH:
        return now.breadth.used, now.breadth.entitled
    return None, None


def _as_of(now: Adoption) -> datetime:
    """Up to when received events are in the figures."""
    end = datetime.combine(now.as_of + timedelta(days=1), datetime.min.time())
    local_end = end.replace(tzinfo=ZoneInfo(now.time_zone)).astimezone(UTC)
    folded = now.folded_to or local_end
    return min(folded.astimezone(UTC), local_end)


def _weeks(session: Session, key: str, first: date, last: date) -> tuple[Week, ...]:
    """Calendar weeks, Monday to Sunday, that begin in the period; one that ends after it is
    partial and says so.
    """
    monday = first + timedelta(days=-first.weekday() % WEEK)
    count = ((last - monday).days + 1) // WEEK
    if count < 1:
        return ()
    end = monday + timedelta(days=count * WEEK - 1)
    return tuple(
        Week(monday=one.first, active=one.active, provisioned=one.provisioned)
        for one in weekly_active(session, key, end, count)
    )


def _calls(days: Sequence[DayFigures]) -> tuple[CallWeek, ...]:
    weeks: dict[date, list[DayFigures]] = {}
    for one in days:
        weeks.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one)
    return tuple(
        CallWeek(monday=monday, calls=_sum(found), complete=len(found) == WEEK)
        for monday, found in sorted(weeks.items())
    )


def _sum(days: Iterable[DayFigures]) -> int | None:
    """Not known where that of a day is not."""
    calls = [one.integration_calls for one in days]
    known = [one for one in calls if one is not None]
    return sum(known) if len(known) == len(calls) else None


def _feature(use: FeatureUse) -> Feature:
    return Feature(
        key=use.key,
        names=Names(
            en=use.name("en"),
            zh_hans=use.name("zh-Hans") or None,
            zh_hant=use.name("zh-Hant") or None,
        ),
        depth=use.depth,
        users=use.persons,
        uses=use.uses,
    )
