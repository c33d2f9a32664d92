"""The figures of the adoption page as CSV."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import Response, request
from werkzeug.exceptions import NotFound

from portal.blueprints.adoption import blueprint
from portal.blueprints.adoption.links import read_question
from portal.domain.cohorts import last_whole_week
from portal.domain.metrics import DAYS_A_WEEK
from portal.domain.permissions import Permission
from portal.domain.volumes import plain
from portal.services.adoption import (
    account_series,
    cohort_retention,
    feature_use,
    integration_calls,
    people_use,
    person_moves,
    show_teams,
    team_use,
    time_online,
)
from portal.services.volumes import volume_series
from portal.web.adoption.span import Span, read_week_count
from portal.web.guards import customer_account_key, db, needs
from portal.web.spreadsheets import csv_file
from portal.web.terms import term_name

ALL_PEOPLE = 1_000_000
Rows = Iterable[Sequence[object]]


@blueprint.get("/adoption/<what>.csv")
@needs(Permission.ADOPTION_READ)
def csv(what: str) -> Response:
    return _csv(customer_account_key(), what)


@blueprint.get("/accounts/<account_key>/adoption/<what>.csv")
@needs(Permission.ACCOUNT_DESK)
def csv_of_account(account_key: str, what: str) -> Response:
    return _csv(account_key, what)


def _csv(account_key: str, what: str) -> Response:
    head, span = read_question(account_key)
    if what not in TABLES:
        raise NotFound
    if what in WEEKLY:
        span = _whole_weeks(span)
    columns, rows = TABLES[what](head.key, span)
    name = f"{head.key}-{what}-{span.first}-{span.last}.csv"
    return csv_file(name, columns, rows)


def _whole_weeks(span: Span) -> Span:
    """The weeks asked for, up to the last one that is over."""
    last = last_whole_week(span.last) + timedelta(days=DAYS_A_WEEK - 1)
    return Span(last, read_week_count(request.args) * DAYS_A_WEEK, own=True)


def _retention(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    """Of cohorts that are held back only the week is told."""
    columns = ("cohort_week", "persons", "week", "active", "retention")
    found = cohort_retention(db(), account_key, span.last, span.days // DAYS_A_WEEK)
    rows: list[Sequence[object]] = []
    for cohort in found.cohorts:
        if cohort.protected:
            rows.append((cohort.monday, None, None, None, None))
        elif cohort.persons:
            rows += [
                (cohort.monday, cohort.persons, week, active, cohort.shares[week])
                for week, active in enumerate(cohort.active)
            ]
    return columns, rows


def _lifecycle(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    columns = ("monday", "new", "returning", "resurrecting", "dormant", "active")
    found = person_moves(db(), account_key, span.last, span.days // DAYS_A_WEEK)
    return columns, [[getattr(one, name) for name in columns] for one in found.weeks]


def _online(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    columns = ("day", "persons", "seconds", "median_seconds")
    found = time_online(db(), account_key, span.last, span.days)
    return columns, [[getattr(one, name) for name in columns] for one in found.days]


def _integrations(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    """A line for each day and integration that called."""
    found = integration_calls(db(), account_key, span.last, span.days)
    rows = [(day.day, name, day.names[name]) for day in found.days for name in sorted(day.names)]
    return ("day", "integration", "calls"), rows


def _days(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    columns = ("day", "dau", "wau", "mau", "events", "integration_calls", "time_online_seconds")
    found = account_series(db(), account_key, span.first, span.last)
    return columns, [[getattr(one, name) for name in columns] for one in found]


def _features(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    columns = ("key", "name_en", "name_zh", "module", "core", "uses", "persons", "depth")
    found = feature_use(db(), account_key, span.last, span.days)
    return (*columns, "module_name"), [
        [*(getattr(one, name) for name in columns), term_name(one.module, "module")]
        for one in found
    ]


def _people(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    found = people_use(db(), account_key, span.last, span.days, page_size=ALL_PEOPLE)
    if not found.named:
        return _teams(account_key, span)
    columns = (
        "external_id",
        "name",
        "email",
        "team",
        "provisioned",
        "last_day",
        "active_days",
        "time_online_seconds",
        "features",
    )
    return columns, [[getattr(one, name) for name in columns] for one in found.rows]


def _teams(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    columns = ("team", "persons", "active", "share", "active_days", "time_online_seconds")
    found = team_use(db(), account_key, span.last, span.days)
    teams = show_teams(db(), account_key, span.last, span.days).teams
    depths = {(one.group.name, one.group.rest): one.depth for one in teams}
    return (*columns, "depth"), [
        [*(getattr(one, name) for name in columns), depths.get((one.team, one.rest))]
        for one in found
    ]


def _volumes(account_key: str, span: Span) -> tuple[Sequence[str], Rows]:
    found = volume_series(db(), account_key, span.first, span.last)
    columns = ("day", "series", "name_en", "name_zh", "unit", "value")
    rows = [
        (day, one.key, one.name_en, one.name_zh, one.unit, plain(value))
        for one in found
        for day, value in one.days
    ]
    return columns, rows


TABLES = {
    "days": _days,
    "features": _features,
    "integrations": _integrations,
    "lifecycle": _lifecycle,
    "online": _online,
    "people": _people,
    "retention": _retention,
    "teams": _teams,
    "volumes": _volumes,
}
WEEKLY = frozenset({"lifecycle", "retention"})
