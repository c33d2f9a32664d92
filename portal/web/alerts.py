"""Alerts in words: the rule's name, what happened, the evidence as a sentence and as a chart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from portal.domain.early_warning import Evidence, Gravity, Proposal, Rule
from portal.services.alerts.evaluation import Ended
from portal.services.alerts.listing import AlertRow, AlertState
from portal.web.adoption.drawings import spark, wording
from portal.web.adoption.quantities import digits_of
from portal.web.alert_measures import measure_word
from portal.web.contract_quotas import measure_name
from portal.web.formats import day, day_year, num, pct
from portal.web.prose import joined
from reports.charts import Chart, Series, area

RULE_NAMES = {
    Rule.SILENCE: _l("Silence"),
    Rule.SUDDEN_DROP: _l("Sudden drop"),
    Rule.ONBOARDING: _l("Onboarding not taken up"),
    Rule.SLOW_DECLINE: _l("Slow decline"),
    Rule.LOW_FOR_LONG: _l("Low for long"),
    Rule.CORE_UNUSED: _l("Core feature unused"),
    Rule.OVER_USE: _l("Over-use"),
}
# Shape and colour of each gravity.
MARKS = {Gravity.HIGH: "risk", Gravity.MEDIUM: "watch", Gravity.LOW: "half"}
GRAVITIES = {Gravity.HIGH: _l("High"), Gravity.MEDIUM: _l("Medium"), Gravity.LOW: _l("Low")}
PROPOSAL_WORDS = {
    Proposal.CALL: (_l("Call them"), _l("Ask what has changed, before you propose anything.")),
    Proposal.TRAINING: (
        _l("Offer a training"),
        _l("One team, one feature, one hour, with those who begin."),
    ),
    Proposal.PRACTICE: (
        _l("Suggest a practice"),
        _l("A text that shows how others do it, with its effect in numbers."),
    ),
}
ENDINGS = {
    Ended.RECOVERED: _l("Closed by itself on %(day)s: all is well again."),
    Ended.SWITCHED_OFF: _l("Closed on %(day)s, as the rule is switched off for this account."),
    Ended.LATE_DATA: _l("Closed by itself on %(day)s: events that came late explained it."),
}


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert in a list. `state_words` say since when, until when and why."""

    key: str
    url: str
    account_key: str
    account_name: str
    mark: str
    word: str
    what: str
    title: str
    words: str
    state: AlertState
    state_words: str
    spark: Markup


def alert_lines(rows: Iterable[AlertRow]) -> list[AlertLine]:
    return [alert_line(row) for row in rows]


def alert_line(row: AlertRow) -> AlertLine:
    what = what_happened(row.rule, row.latest)
    values = [value for _day, value in row.latest.points]
    return AlertLine(
        key=row.key,
        url=url_for("alerts.show", key=row.key),
        account_key=row.account_key,
        account_name=row.account_name,
        mark=MARKS[row.gravity],
        word=str(RULE_NAMES[row.rule]),
        what=what,
        title=_("%(account)s: %(what)s", account=row.account_name, what=what),
        words=evidence_sentence(row.rule, row.latest),
        state=row.state,
        state_words=state_words(row),
        spark=spark(f"alert-{row.key}", values),
    )


def state_words(row: AlertRow) -> str:
    if row.state is AlertState.SNOOZED and row.snoozed_until is not None:
        until = day_year(row.snoozed_until)
        return _("Snoozed until %(day)s (%(reason)s)", day=until, reason=row.snooze_reason)
    if row.closed_on is None:
        return _("Open since %(day)s", day=day_year(row.opened_on))
    if row.ended == Ended.HAND:
        who = row.closed_by or _("somebody")
        return _(
            "Closed by %(name)s on %(day)s (%(reason)s)",
            name=who,
            day=day_year(row.closed_on),
            reason=row.close_reason,
        )
    return str(ENDINGS[Ended(row.ended)]) % {"day": day_year(row.closed_on)}


def what_happened(rule: Rule, evidence: Evidence) -> str:
    """The end of a title that begins with the account's name."""
    if "quota" in evidence.numbers:
        share = evidence.numbers["now"] / evidence.numbers["quota"]
        name = measure_name(evidence.measure, evidence.name)
        return _("%(share)s of the quota is used: %(name)s", share=pct(share), name=name)
    return _WHAT[rule](evidence.numbers)


def _silent(n: dict[str, float]) -> str:
    days = int(n["workdays"])
    return ngettext(
        "no event for %(count)s workday", "no event for %(count)s workdays", days, count=num(days)
    )


def _behind(n: dict[str, float]) -> str:
    reached = n["now"] / n["whole"] if n["whole"] else 0.0
    return _("%(reached)s have begun instead of %(bar)s", reached=pct(reached), bar=pct(n["bar"]))


def _unused(n: dict[str, float]) -> str:
    count = int(n["unused"])
    return ngettext(
        "%(count)s core feature unused", "%(count)s core features unused", count, count=num(count)
    )


_WHAT: dict[Rule, Callable[[dict[str, float]], str]] = {
    Rule.SILENCE: _silent,
    Rule.SUDDEN_DROP: lambda n: _("use fell by %(share)s in a week", share=pct(n["fall"])),
    Rule.ONBOARDING: _behind,
    Rule.SLOW_DECLINE: lambda n: _(
        "use fell by %(share)s in %(weeks)s weeks", share=pct(n["fall"]), weeks=num(n["weeks"])
    ),
    Rule.LOW_FOR_LONG: lambda _n: _("few people come"),
    Rule.CORE_UNUSED: _unused,
    Rule.OVER_USE: lambda n: _(
        "%(now)s of %(seats)s seats are in use", now=num(n["now"]), seats=num(n["seats"])
    ),
}


def evidence_sentence(rule: Rule, evidence: Evidence, features: str = "") -> str:
    """The numbers as of the evidence's day. `features`: names, where the rule is about any."""
    said = _SAID[rule](evidence)
    return joined(said, _("Unused: %(names)s.", names=features)) if features else said


def _over_use_said(one: Evidence) -> str:
    """Of the seats, or of a quota."""
    if "quota" in one.numbers:
        return _(
            "%(name)s: %(now)s in 30 days of %(quota)s in the contract: time to talk about more.",
            name=measure_name(one.measure, one.name),
            now=num(one.numbers["now"], 2),
            quota=num(one.numbers["quota"], 2),
        )
    return _(
        "%(now)s of %(seats)s seats are in use, %(share)s: time to talk about more.",
        now=num(one.numbers["now"]),
        seats=num(one.numbers["seats"]),
        share=pct(one.numbers["now"] / one.numbers["seats"] if one.numbers["seats"] else None),
    )


def _silence_said(one: Evidence) -> str:
    people = num(one.numbers["provisioned"])
    if "days" not in one.numbers:
        return _("No event for more than three months; %(all)s people are set up.", all=people)
    last = date_back(one, int(one.numbers["days"]))
    return _("The last one came on %(day)s; %(all)s people are set up.", day=last, all=people)


def date_back(one: Evidence, days: int) -> str:
    return day(one.day.fromordinal(one.day.toordinal() - days))


_SAID: dict[Rule, Callable[[Evidence], str]] = {
    Rule.SILENCE: _silence_said,
    Rule.SUDDEN_DROP: lambda one: _(
        "%(now)s people against a mean of %(mean)s in the four weeks before.",
        now=num(one.numbers["now"]),
        mean=num(one.numbers["mean"], digits_of(one.numbers["mean"])),
    ),
    Rule.ONBOARDING: lambda one: _(
        "%(now)s of %(whole)s have worked %(age)s days after the go-live; by then it should be "
        "%(bar)s.",
        now=num(one.numbers["now"]),
        whole=num(one.numbers["whole"]),
        age=num(one.numbers["age"]),
        bar=pct(one.numbers["bar"]),
    ),
    Rule.SLOW_DECLINE: lambda one: _(
        "%(now)s people active in 30 days, %(then)s of them %(weeks)s weeks before.",
        now=num(one.numbers["now"]),
        then=num(one.numbers["then"]),
        weeks=num(one.numbers["weeks"]),
    ),
    Rule.LOW_FOR_LONG: lambda one: _(
        "%(now)s of %(all)s people set up were active last week; for %(days)s days it has been "
        "less than %(low)s.",
        now=num(one.numbers["now"]),
        all=num(one.numbers["provisioned"]),
        days=num(one.numbers["days"]),
        low=pct(one.numbers["low"]),
    ),
    Rule.CORE_UNUSED: lambda one: _(
        "Of %(all)s core features in the contract nobody has used %(count)s for %(days)s days.",
        all=num(one.numbers["entitled"]),
        count=num(one.numbers["unused"]),
        days=num(one.numbers["days"]),
    ),
    Rule.OVER_USE: _over_use_said,
}

_LINES = {
    Rule.SUDDEN_DROP: _l("mean before"),
    Rule.SLOW_DECLINE: _l("before the decline"),
    Rule.LOW_FOR_LONG: _l("the bar"),
    Rule.OVER_USE: _l("seats"),
    Rule.ONBOARDING: _l("the bar"),
}


def evidence_chart(key: str, rule: Rule, one: Evidence) -> Chart:
    """A point a week up to the evidence's day, and the level that it is held against."""
    days = [when for when, _value in one.points]
    series = [Series(measure_word(one), tuple(value for _day, value in one.points))]
    if one.line is not None:
        line = _("quota") if "quota" in one.numbers else str(_LINES[rule])
        series.append(Series(line, (round(one.line, 1),) * len(days), 2))
    words = wording(_("Week up to"))
    if one.line is not None and not one.line.is_integer():
        words = replace(words, number=partial(num, digits=1))
    return area(key, evidence_sentence(rule, one), days, series, words)
