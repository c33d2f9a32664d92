"""Switches and thresholds of the rules, as data; each change stands in the audit log."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.early_warning import (
    PARAMETERS,
    Rule,
    RuleBook,
    RuleSetting,
    read_parameters,
    stored,
)
from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycle import STAGES
from portal.domain.segments import OTHERS, Traits, segment_of
from portal.models import Account, AlertRule
from portal.services.audit import record
from portal.services.segments import segment_rules
from portal.tenancy import scope_of


def rule_book(session: Session) -> RuleBook:
    """What is in force. A row whose values no longer fit the rule counts with the usual ones."""
    wanted = select(
        AlertRule.rule, AlertRule.on, AlertRule.parameters, AlertRule.segment, AlertRule.stage
    )
    rows = session.execute(wanted).all()
    known = set(Rule)
    return RuleBook(
        RuleSetting(Rule(row.rule), row.on, _read(row.rule, row.parameters), row.segment, row.stage)
        for row in rows
        if row.rule in known
    )


def setting_for(session: Session, rule: Rule, account_key: str) -> RuleSetting:
    """The one that counts for the account by its segment and stage. Raises NotFound."""
    wanted = select(Account.tier, Account.industry, Account.region, Account.stage)
    row = session.execute(wanted.where(Account.key == account_key)).one_or_none()
    if row is None:
        raise NotFound
    segment = segment_of(segment_rules(session), Traits(*row))
    return rule_book(session).setting(rule, segment, row.stage)


def _read(rule: str, values: Mapping[str, Any]) -> Any:
    try:
        return read_parameters(PARAMETERS[Rule(rule)], values)
    except Invalid:
        return PARAMETERS[Rule(rule)]()


def change_rule(
    session: Session,
    rule: Rule,
    *,
    on: bool,
    values: Mapping[str, Any],
    segment: str = "",
    stage: str = "",
) -> None:
    """Sets the rule for the accounts of a segment, of a stage, of both or (empty) of any. Raises
    Invalid naming the fields. Commits.
    """
    setting = make_setting(session, rule, on=on, values=values, segment=segment, stage=stage)
    before = rule_book(session).exactly(rule, segment, stage)
    row = session.scalar(_row(rule, segment, stage)) or AlertRule(
        rule=rule.value, segment=segment, stage=stage
    )
    scope = scope_of(session)
    row.on, row.parameters = on, stored(setting.parameters)
    row.changed_at, row.changed_by = scope.now, scope.user_id
    session.add(row)
    record(
        session,
        "alert_rule.change",
        "alert_rule",
        _name(rule, segment, stage),
        on=on,
        parameters=row.parameters,
        before={"on": before.on, "parameters": stored(before.parameters)} if before else None,
    )
    session.commit()


def make_setting(
    session: Session,
    rule: Rule,
    *,
    on: bool,
    values: Mapping[str, Any],
    segment: str,
    stage: str,
) -> RuleSetting:
    """Raises Invalid naming the fields."""
    if segment and segment not in segment_keys(session):
        raise Invalid("There is no such segment.", code="no-such-segment", fields=_said("segment"))
    if stage and stage not in STAGES:
        raise Invalid("There is no such stage.", code="no-such-stage", fields=_said("stage"))
    return RuleSetting(rule, on, read_parameters(PARAMETERS[rule], values), segment, stage)


def segment_keys(session: Session) -> list[str]:
    """Those that a setting may name, in their order."""
    return [*(one.key for one in segment_rules(session)), OTHERS]


def _said(field: str) -> dict[str, str]:
    return {field: f"Choose a {field} of the list."}


def forget_rule(session: Session, rule: Rule, segment: str = "", stage: str = "") -> None:
    """Takes the setting back, so that the next wider one counts; nothing where there is none.
    Commits.
    """
    gone = delete(AlertRule).where(
        AlertRule.rule == rule.value, AlertRule.segment == segment, AlertRule.stage == stage
    )
    found = session.execute(gone.returning(AlertRule.id)).first()
    if found is not None:
        record(session, "alert_rule.forget", "alert_rule", _name(rule, segment, stage))
    session.commit()


def _row(rule: Rule, segment: str, stage: str) -> Any:
    return select(AlertRule).where(
        AlertRule.rule == rule.value, AlertRule.segment == segment, AlertRule.stage == stage
    )


def _name(rule: Rule, segment: str, stage: str) -> str:
    return "/".join(part for part in (rule.value, segment, stage) if part)
