"""The lifecycle stage of an account: seen, and changed by those who look after it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycle import STAGES, Stage, StageFacts, unmet
from portal.domain.metrics import share
from portal.models import Account, RenewalOutcome
from portal.services.adoption import show_adoption
from portal.services.audit import record
from portal.tenancy import scope_of

LONGEST_REASON = 500
CHANGED = "account.stage"


@dataclass(frozen=True, slots=True)
class StageView:
    key: str
    name: str
    since: date | None
    facts: StageFacts


def stage_of(stored: str) -> Stage:
    """What is stored may be from another version; steady use asks least of anybody."""
    return Stage(stored) if stored in STAGES else Stage.STEADY_USE


def show_stage(session: Session, account_key: str) -> StageView:
    """With what the criteria ask. Raises NotFound."""
    account = _account(session, account_key)
    now = show_adoption(session, account_key)
    seats = account.seats or now.provisioned
    facts = StageFacts(
        stage=stage_of(account.stage),
        today=scope_of(session).now.astimezone(ZoneInfo(account.time_zone)).date(),
        contract_start=account.contract_start,
        contract_end=account.contract_end,
        go_live=account.go_live,
        used=share(now.activated, seats) if seats else None,
        left=_has_left(session, account),
    )
    return StageView(account.key, account.name, account.stage_since, facts)


def _has_left(session: Session, account: Account) -> bool:
    newest = (
        select(RenewalOutcome.outcome)
        .where(RenewalOutcome.account_id == account.id)
        .order_by(RenewalOutcome.day.desc())
        .limit(1)
    )
    return session.scalar(newest) == "left"


def change_stage(session: Session, account_key: str, to: str, reason: str) -> None:
    """From today on, the account's today. Raises NotFound and Invalid (stage, reason): a move
    against the order or past what the stage asks for needs a reason. Commits.
    """
    view, said = show_stage(session, account_key), reason.strip()[:LONGEST_REASON]
    if to not in STAGES:
        raise _refusal("stage", "Choose a stage of the list.", "no-such-stage")
    if to == view.facts.stage:
        raise _refusal("stage", "The account is in this stage already.", "same-stage")
    against = unmet(Stage(to), view.facts)
    if against and not said:
        words = "Say why: this move is against the order, or something that it asks for is missing."
        raise _refusal("reason", words, "stage-asks-why")
    account = _account(session, account_key)
    record(
        session,
        CHANGED,
        "account",
        account_key,
        account_id=account.id,
        before=view.facts.stage.value,
        after=to,
        reason=said,
        against=[one.value for one in against],
    )
    account.stage, account.stage_since = to, view.facts.today
    session.commit()


def _refusal(field: str, words: str, code: str) -> Invalid:
    return Invalid(words, code=code, fields={field: words})


def _account(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(Account.key == key))
    if account is None:
        raise NotFound
    return account
