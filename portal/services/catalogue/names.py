"""The names under which events arrive: how much comes under each, and what belongs to nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.event_rules import Resolver, Rule, RuleText, fits, read_variant, resolver_of
from portal.domain.metrics import MONTH_DAYS
from portal.domain.paging import place_in
from portal.models import Feature, UsageName
from portal.tenancy import scope_of
from portal.usage.bitmaps import union_of
from portal.usage.event_rules import list_names, read_rules
from portal.usage.queries import read_name_days, read_name_totals

PAGE_SIZE = 25
MOST_MATCHES = 200
UNMAPPED, IGNORED, MAPPED = "unmapped", "ignored", "mapped"
STATES = (UNMAPPED, IGNORED, MAPPED)
SORTS = ("events", "accounts", "name", "first_at", "last_at")


@dataclass(frozen=True, slots=True)
class NamesQuestion:
    """`state` is one of STATES, `sort` one of SORTS; `text` is part of a name."""

    state: str = UNMAPPED
    text: str = ""
    sort: str = "events"
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class NameRow:
    """An event name. `events` and `accounts` are those of the last 30 days, as are `persons`
    (None where they were not asked for); `total` counts events ever. `feature` is the key of the
    (first) feature that its events belong to.
    """

    name: str
    events: int
    accounts: int
    persons: int | None
    total: int
    first_at: datetime
    last_at: datetime
    feature: str | None
    ignored: bool

    @property
    def state(self) -> str:
        return IGNORED if self.ignored else MAPPED if self.feature else UNMAPPED


@dataclass(frozen=True, slots=True)
class NamesPage:
    """`counts`: names by state. `first` is the number of the first row shown, from 1."""

    rows: list[NameRow]
    counts: dict[str, int]
    total: int
    page: int
    pages: int
    first: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do. `names` are those that its pattern fits, the busiest first; `events`
    and `accounts` (of the last 30 days) only those for which it would decide. `kept` are fitting
    names for which a more precise rule decides.
    """

    text: RuleText
    names: list[NameRow]
    kept: list[NameRow]
    more: int
    events: int
    accounts: int


def list_event_names(session: Session, question: NamesQuestion) -> NamesPage:
    rows = _all_names(session)
    counts = {state: sum(1 for row in rows if row.state == state) for state in STATES}
    wanted = question.text.strip().casefold()
    found = [row for row in rows if row.state == question.state and wanted in row.name.casefold()]
    found.sort(key=lambda row: row.name)
    found.sort(key=lambda row: getattr(row, question.sort), reverse=question.descending)
    at = place_in(len(found), PAGE_SIZE, question.page)
    shown = _with_persons(session, found[at.offset : at.offset + PAGE_SIZE])
    return NamesPage(shown, counts, len(found), at.page, at.pages, at.first)


def count_unmapped(session: Session) -> int:
    return sum(1 for row in _all_names(session) if row.state == UNMAPPED)


def preview_rule(session: Session, text: RuleText, feature_id: int | None = None) -> Preview:
    """As if the rule were there already, and its history counted."""
    rules = read_rules(session)
    newest = max((rule.id for rule in rules), default=0) + 1
    own = next((rule.id for rule in rules if rule.text == text), newest)
    others = [rule for rule in rules if rule.id != own]
    resolver = Resolver([*others, Rule(own, feature_id, text)])
    fitting = [row for row in _all_names(session) if fits(text.pattern, row.name)]
    fitting.sort(key=lambda row: (-row.events, row.name))
    taken = [row for row in fitting if _decides(resolver, own, text, row.name)]
    kept = [row for row in fitting if row not in taken]
    accounts = _accounts(session, {row.name for row in taken})
    return Preview(
        text,
        taken[:MOST_MATCHES],
        kept[:MOST_MATCHES],
        max(len(taken) - MOST_MATCHES, 0),
        sum(row.events for row in taken),
        accounts,
    )


def _decides(resolver: Resolver, rule: int, text: RuleText, name: str) -> bool:
    """Whether it decides for an event of that name (that meets its condition)."""
    found = resolver.rule_of(f"{name}\x1f{rule}" if text.conditioned else name)
    return found is not None and found.id == rule


def month_begins(session: Session) -> date:
    """The first of the last 30 days, by UTC."""
    return scope_of(session).now.date() - timedelta(days=MONTH_DAYS - 1)


def _all_names(session: Session) -> list[NameRow]:
    """Those of one name with different conditions met are put together."""
    resolver = resolver_of(read_rules(session))
    keys = {row.id: row.key for row in session.execute(select(Feature.id, Feature.key))}
    volumes = _volumes(session)
    found: dict[str, list[Any]] = {}
    wanted = select(UsageName.name, UsageName.events, UsageName.first_at, UsageName.last_at)
    for row in session.execute(wanted):
        found.setdefault(read_variant(row.name)[0], []).append(row)
    return [_row(name, parts, resolver, keys, volumes) for name, parts in found.items()]


def _row(
    name: str,
    parts: list[Any],
    resolver: Resolver,
    keys: dict[int, str],
    volumes: dict[str, dict[int, int]],
) -> NameRow:
    """Where conditions leave some of its events without a rule, the name is told by these."""
    rules = {part.name: resolver.rule_of(part.name) for part in parts}
    lone = [counted for counted, rule in rules.items() if rule is None and volumes.get(counted)]
    if not lone and all(rule is None for rule in rules.values()):
        lone = list(rules)
    by_account = _sum([volumes.get(counted, {}) for counted in lone or rules])
    features = [rule.feature for rule in rules.values() if rule is not None and rule.feature]
    return NameRow(
        name=name,
        events=sum(by_account.values()),
        accounts=len(by_account),
        persons=None,
        total=sum(part.events for part in parts),
        first_at=min(part.first_at for part in parts),
        last_at=max(part.last_at for part in parts),
        feature=keys.get(features[0]) if features and not lone else None,
        ignored=not lone and not features,
    )


def _sum(parts: Iterable[dict[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in parts:
        for account, events in part.items():
            found[account] = found.get(account, 0) + events
    return found


def _volumes(session: Session) -> dict[str, dict[int, int]]:
    """Counted name → account → events in the last 30 days."""
    found: dict[str, dict[int, int]] = {}
    for counted, account, events in read_name_totals(session, month_begins(session)):
        found.setdefault(counted, {})[account] = events
    return found


def _accounts(session: Session, names: Collection[str]) -> int:
    volumes = _volumes(session)
    fitting = (counted for counted in volumes if read_variant(counted)[0] in names)
    return len({account for counted in fitting for account in volumes[counted]})


def _with_persons(session: Session, rows: list[NameRow]) -> list[NameRow]:
    """Different persons of each account, over the last 30 days."""
    users: dict[str, dict[int, list[Any]]] = {}
    names = {row.name for row in rows}
    counted = [one for one in list_names(session) if read_variant(one)[0] in names]
    since, today = month_begins(session), scope_of(session).now.date() + timedelta(days=1)
    for day in read_name_days(session, None, since, today, counted) if counted else ():
        by_account = users.setdefault(read_variant(day.name)[0], {})
        by_account.setdefault(day.account, []).append(day.users)
    return [
        NameRow(
            row.name,
            row.events,
            row.accounts,
            sum(len(union_of(some)) for some in users.get(row.name, {}).values()),
            row.total,
            row.first_at,
            row.last_at,
            row.feature,
            row.ignored,
        )
        for row in rows
    ]
