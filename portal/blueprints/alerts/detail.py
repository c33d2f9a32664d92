"""One alert: the evidence as sentence and chart, and what is proposed."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.domain.early_warning import Proposal, Rule, RuleSetting
from portal.domain.tasks import TaskKind
from portal.services.alerts.listing import AlertDetail, AlertState
from portal.services.tasks import TaskRow
from portal.web.alert_measures import measure_definition
from portal.web.alert_rules import ABOUT, parameters_said
from portal.web.alerts import (
    GRAVITIES,
    PROPOSAL_WORDS,
    RULE_NAMES,
    AlertLine,
    alert_line,
    evidence_chart,
    evidence_sentence,
)
from portal.web.formats import day_year
from portal.web.prose import listed
from portal.web.tasks import ICONS, TaskLine, task_lines
from reports.charts import Chart


@dataclass(frozen=True, slots=True)
class Proposed:
    """`task_url` opens the form of a task for it; `texts` are of the hub: title and address."""

    icon: str
    title: str
    words: str
    task_url: str
    texts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DetailPage:
    """`then` is the evidence of the opening, where it differs from the latest. `about` says what
    the rule looks for, `asked` its thresholds for this account.
    """

    line: AlertLine
    rule: str
    sentence: str
    then: str
    chart: Chart
    measure: dict[str, str] | None
    facts: list[tuple[str, str]]
    about: str
    rule_url: str
    asked: list[tuple[str, str]]
    proposed: list[Proposed]
    tasks: list[TaskLine]
    open: bool
    asleep: bool


def alert_page(detail: AlertDetail, tasks: list[TaskRow]) -> DetailPage:
    row, names = detail.row, listed(detail.features)
    opening, latest = (
        evidence_sentence(row.rule, row.opening),
        evidence_sentence(row.rule, row.latest),
    )
    return DetailPage(
        line=alert_line(row),
        rule=str(RULE_NAMES[row.rule]),
        sentence=evidence_sentence(row.rule, row.latest, names),
        then=opening if opening != latest else "",
        chart=evidence_chart("evidence", row.rule, row.latest),
        measure=measure_definition(row.latest),
        facts=_facts(detail),
        about=str(ABOUT[row.rule]),
        rule_url=_rule_url(detail.setting),
        asked=parameters_said(detail.setting.parameters),
        proposed=[_proposed(detail, one) for one in detail.proposals],
        tasks=task_lines(tasks),
        open=row.state is not AlertState.CLOSED,
        asleep=row.state is AlertState.SNOOZED,
    )


def _rule_url(setting: RuleSetting) -> str:
    """Where the setting that counts here is made."""
    return url_for(
        "alert_rules.show",
        rule=setting.rule.value,
        segment=setting.segment or None,
        stage=setting.stage or None,
    )


def _facts(detail: AlertDetail) -> list[tuple[str, str]]:
    row = detail.row
    facts = [
        (_("Account"), row.account_name),
        (_("Gravity"), str(GRAVITIES[row.gravity])),
        (_("Opened on"), day_year(row.opened_on)),
        (_("Figures of"), day_year(row.latest.day)),
    ]
    if row.closed_on is not None:
        facts.append((_("Closed on"), day_year(row.closed_on)))
    return facts


def _proposed(detail: AlertDetail, one: Proposal) -> Proposed:
    title, words = PROPOSAL_WORDS[one]
    row = detail.row
    texts = [
        (item.title, url_for("knowledge.show", slug=item.slug))
        for item in detail.texts
        if one is Proposal.PRACTICE or (one is Proposal.TRAINING and row.rule is Rule.CORE_UNUSED)
    ]
    said = (
        _("Offer them more seats before they run out.") if row.rule is Rule.OVER_USE else str(words)
    )
    url = url_for("tasks.new", account=row.account_key, alert=row.key, kind=one.value)
    return Proposed(ICONS[TaskKind.of(one)], str(title), said, url, texts)
