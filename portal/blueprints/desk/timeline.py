"""What happened in an account, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.account_metrics import METRICS, volume_series_of
from portal.domain.band_changes import SHORT_DAYS
from portal.domain.early_warning import Rule
from portal.domain.health import Band
from portal.services.alerts.evaluation import Ended
from portal.services.timeline import Entry, Happening, Part, Timeline
from portal.web.adoption.metric_names import metric_name
from portal.web.adoption.quantities import said
from portal.web.alerts import RULE_NAMES, evidence_sentence
from portal.web.context import initials
from portal.web.formats import day_year, num
from portal.web.health import BANDS, MARKS
from portal.web.listing import Link, Paging, kept, paging
from portal.web.prose import joined, listed, period
from portal.web.stages import CRITERIA, stage_name
from portal.web.tasks import KINDS, TITLES

OUTCOMES = {"renewed": _l("Renewed"), "shrank": _l("Shrank"), "left": _l("Left")}
PARTS = {Part.ALL: _l("All"), Part.SIGNALS: _l("Signals"), Part.ACTS: _l("Acts")}
GRAVE = {"high": "risk", "medium": "watch", "low": "half"}
ENDED = {
    Ended.RECOVERED.value: _l("Closed by itself: all is well again."),
    Ended.SWITCHED_OFF.value: _l("Closed, as the rule is switched off for this account."),
    Ended.LATE_DATA.value: _l("Closed by itself: events that came late explained it."),
}
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """`mark` is the shape of a signal, empty for an act; `initials` are of who did it."""

    when: str
    title: str
    text: str
    url: str
    mark: str
    initials: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    key: str
    name: str
    lines: list[Line]
    chips: list[Link]
    paging: Paging
    short_days: str


def timeline_page(found: Timeline) -> TimelinePage:
    def address(**changes: object) -> str:
        values = {"part": "" if found.part is Part.ALL else found.part.value}
        return url_for("desk.timeline", account_key=found.account_key, **kept(values, changes))

    return TimelinePage(
        key=found.account_key,
        name=found.account_name,
        lines=timeline_lines(found),
        chips=[
            Link(
                str(words),
                address(part="" if part is Part.ALL else part.value),
                part is found.part,
                num(found.counts[part]),
            )
            for part, words in PARTS.items()
        ],
        paging=paging(found, len(found.entries), address),
        short_days=num(SHORT_DAYS),
    )


def timeline_lines(found: Timeline) -> list[Line]:
    zone = ZoneInfo(found.time_zone)
    return [_line(one, one.at.astimezone(zone).date()) for one in found.entries]


def _line(one: Entry, on: date) -> Line:
    title, text, mark, url = _SAID[one.kind](one)
    when = day_year(on)
    if one.by:
        when = _("%(day)s, %(name)s", day=when, name=one.by)
    return Line(when, title, text, url, mark, initials(one.by) if one.by else "")


Said = tuple[str, str, str, str]
"""Title, text, mark, address."""


def _opened(one: Entry) -> Said:
    rule = Rule(one.facts["rule"])
    text = evidence_sentence(rule, one.facts["evidence"])
    url = url_for("alerts.show", key=one.key)
    return _("%(alert)s.", alert=RULE_NAMES[rule]), text, GRAVE[one.facts["gravity"]], url


def _closed(one: Entry) -> Said:
    title = _("%(alert)s: over.", alert=RULE_NAMES[Rule(one.facts["rule"])])
    text = str(ENDED.get(one.facts["ended"], one.facts["reason"]))
    return title, text, "good", url_for("alerts.show", key=one.key)


def _band(one: Entry) -> Said:
    after, before = Band(one.facts["after"]), Band(one.facts["before"])
    said_ = {"after": BANDS[after], "before": BANDS[before], "score": num(one.facts["score"])}
    title = _("Health: %(after)s.", **said_)
    return title, _("%(score)s points; before it was: %(before)s.", **said_), MARKS[after], ""


def _task(one: Entry) -> Said:
    rule, title = one.facts["rule"], one.facts["title"]
    words = title or (str(TITLES[Rule(rule)]) if rule else str(KINDS[one.facts["kind"]]))
    return _("Task done:"), words, "", url_for("tasks.show", key=one.key)


def _report(one: Entry) -> Said:
    words = period(one.facts["first"], one.facts["last"])
    return _("Value report published:"), words, "", url_for("reports.show", key=one.key)


def _override(one: Entry) -> Said:
    facts = one.facts
    title = _(
        "Health held at “%(band)s” until %(day)s:",
        band=BANDS[Band(facts["band"])],
        day=day_year(facts["until"]),
    )
    return title, facts["reason"], "", ""


def _outcome(one: Entry) -> Said:
    words = OUTCOMES.get(one.facts["outcome"], one.facts["outcome"])
    title = _(
        "Contract due on %(day)s: %(outcome)s.", day=day_year(one.facts["day"]), outcome=words
    )
    return title, one.facts["note"], "", ""


def _stage(one: Entry) -> Said:
    facts = one.facts
    title = _("Stage: %(after)s.", after=stage_name(facts["after"]))
    against = set(facts.get("against", ()))
    known = [str(words) for one, words in CRITERIA.items() if one.value in against]
    missing = _("Not met: %(criteria)s.", criteria=listed(known)) if known else ""
    before = _("Before: %(before)s.", before=stage_name(facts["before"]))
    return title, joined(*(part for part in (before, facts["reason"], missing) if part)), "", ""


def _target(words: str, one: Entry) -> Said:
    metric, facts = one.facts["metric"], one.facts.get("after", one.facts)
    if metric not in METRICS and volume_series_of(metric) is None:
        return words, metric, "", ""
    figure = one.facts["name"] or metric_name(metric)
    goal, due = said(metric, facts["goal"]), day_year(date.fromisoformat(facts["due"]))
    text = _("%(figure)s: %(goal)s by %(day)s", figure=figure, goal=goal, day=due)
    return words, text, "", ""


_SAID: dict[Happening, Callable[[Entry], Said]] = {
    Happening.ALERT_OPENED: _opened,
    Happening.ALERT_CLOSED: _closed,
    Happening.HEALTH_BAND: _band,
    Happening.TASK_DONE: _task,
    Happening.REPORT: _report,
    Happening.OVERRIDE: _override,
    Happening.OUTCOME: _outcome,
    Happening.STAGE: _stage,
    Happening.TARGET_SET: lambda one: _target(_("Target set:"), one),
    Happening.TARGET_CHANGED: lambda one: _target(_("Target changed:"), one),
    Happening.TARGET_REMOVED: lambda one: _target(_("Target taken back:"), one),
}
