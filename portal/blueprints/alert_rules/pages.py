"""What the pages of the rules show."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.early_warning import Rule, RuleBook, RuleSetting
from portal.domain.lifecycle import Stage
from portal.domain.segments import OTHERS, SegmentRule
from portal.services.alerts.replay import Raised, ReplayView
from portal.web.adoption.drawings import wording
from portal.web.alert_rules import ABOUT, STAGES, parameters_said, place_name, segment_name
from portal.web.alerts import RULE_NAMES
from portal.web.formats import day_year, num
from portal.web.prose import joined, spelled
from reports.charts import Chart, Series, Size, bar

MOST_SHOWN = 200
WIDE = Size(1160, 240)
Segments = tuple[SegmentRule, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A setting of the vendor's for some accounts, or for all."""

    name: str
    url: str
    on: bool
    current: bool = False


@dataclass(frozen=True, slots=True)
class RuleLine:
    name: str
    about: str
    url: str
    on: bool
    own: bool
    facts: list[tuple[str, str]]
    own_settings: list[Place]


@dataclass(frozen=True, slots=True)
class RaisedLine:
    account: str
    url: str
    opened: str
    closed: str


@dataclass(frozen=True, slots=True)
class ReplayPart:
    """`lines` are at most 200 of the newest; `chart` is None while the job is at it."""

    said: str
    waiting: bool
    chart: Chart | None
    lines: list[RaisedLine]
    more: int


def rule_lines(book: RuleBook, segments: Segments) -> list[RuleLine]:
    return [_line(rule, book, segments) for rule in Rule]


def _line(rule: Rule, book: RuleBook, segments: Segments) -> RuleLine:
    setting = book.setting(rule, "", "")
    return RuleLine(
        name=str(RULE_NAMES[rule]),
        about=str(ABOUT[rule]),
        url=url_for("alert_rules.show", rule=rule.value),
        on=setting.on,
        own=book.exactly(rule, "", "") is not None,
        facts=parameters_said(setting.parameters),
        own_settings=own_settings(rule, book, segments),
    )


def own_settings(rule: Rule, book: RuleBook, segments: Segments) -> list[Place]:
    """Those settings that count for some accounts only."""
    return [
        Place(place_name(segments, one.segment, one.stage), _address(one), one.on)
        for one in book.of_rule(rule)
        if one.segment or one.stage
    ]


def _address(one: RuleSetting) -> str:
    return url_for(
        "alert_rules.show",
        rule=one.rule.value,
        segment=one.segment or None,
        stage=one.stage or None,
    )


def segment_choices(segments: Segments) -> list[tuple[str, str]]:
    found = [(one.key, segment_name(segments, one.key)) for one in segments]
    return [("", _("Any segment")), *found, (OTHERS, segment_name(segments, OTHERS))]


def stage_choices() -> list[tuple[str, str]]:
    found = [(stage.value, str(STAGES[stage])) for stage in Stage if stage is not Stage.CHURNED]
    return [("", _("Any stage")), *found]


def replay_part(view: ReplayView) -> ReplayPart:
    if view.answered_at is None:
        said = _("The replay is being worked out. It stands here in a moment.")
        return ReplayPart(said, waiting=True, chart=None, lines=[], more=0)
    newest = sorted(view.raised, key=lambda one: (one.opened_on, one.account_name), reverse=True)
    return ReplayPart(
        said=_said(view),
        waiting=False,
        chart=_chart(view),
        lines=[_raised(one) for one in newest[:MOST_SHOWN]],
        more=max(len(newest) - MOST_SHOWN, 0),
    )


def _said(view: ReplayView) -> str:
    """Seven alerts in 90 days. Two of them would still be open."""
    count, still = len(view.raised), view.still_open
    days = num(view.days)
    if not count:
        return _(
            "None in %(days)s days, of %(accounts)s accounts.",
            days=days,
            accounts=num(view.accounts),
        )
    said = ngettext(
        "%(count)s alert in %(days)s days, of %(accounts)s accounts.",
        "%(count)s alerts in %(days)s days, of %(accounts)s accounts.",
        count,
        count=spelled(count),
        days=days,
        accounts=num(view.accounts),
    )
    return joined(said, _still_open(count, still)) if still else said


def _still_open(count: int, still: int) -> str:
    if still < count:
        return ngettext(
            "%(count)s of them would still be open.",
            "%(count)s of them would still be open.",
            still,
            count=spelled(still),
        )
    return _("All of them would still be open.") if count > 1 else _("It would still be open.")


def _chart(view: ReplayView) -> Chart:
    days = [day for day, _count in view.per_day]
    values = tuple(float(count) for _day, count in view.per_day)
    return bar(
        "replay",
        _said(view),
        days,
        Series(_("alerts raised"), values),
        wording(_("Day")),
        broad=WIDE,
    )


def _raised(one: Raised) -> RaisedLine:
    return RaisedLine(
        account=one.account_name,
        url=url_for("desk.account", account_key=one.account_key),
        opened=day_year(one.opened_on),
        closed=day_year(one.closed_on) if one.closed_on else "",
    )
