"""Quotas that editions bring and accounts have of their own (domain/contract_quotas.py)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.account_metrics import volume_metric
from portal.domain.contract_quotas import CALLS, Quota, checked_amount, checked_measure
from portal.domain.errors import NotFound
from portal.models import Account, AccountQuota, Edition, EditionQuota
from portal.services.audit import record
from portal.services.volumes import list_series, measure_names, measure_names_anywhere
from portal.tenancy import scope_of


def edition_quotas(session: Session, key: str) -> list[Quota]:
    """By measure. Raises NotFound."""
    rows = _rows_of_edition(session, _edition(session, key)).all()
    names = measure_names_anywhere(session) if rows else {}
    return _in_order({one: Quota(one, amount, name=names.get(one, "")) for one, amount in rows})


def contract_quotas(session: Session, account_key: str) -> list[Quota]:
    """What holds for the account: by measure. Raises NotFound."""
    account = _account(session, account_key)
    found: dict[str, Quota] = {}
    if account.edition_id is not None:
        for row in _rows_of_edition(session, account.edition_id):
            found[row.measure] = Quota(row.measure, row.amount)
    own = select(AccountQuota.measure, AccountQuota.amount).where(
        AccountQuota.account_id == account.id
    )
    for measure, amount in session.execute(own):
        found[measure] = Quota(measure, amount, own=True)
    names = measure_names(session, ((account_key, measure) for measure in found))
    return _in_order(
        {
            one: replace(quota, name=names.get((account_key, one), ""))
            for one, quota in found.items()
        }
    )


def quota_measures(session: Session, account_key: str | None = None) -> dict[str, str]:
    """What a quota of the account, or of any, may be of, with what the vendor calls it."""
    if account_key is None:
        names = measure_names_anywhere(session)
    else:
        heads = list_series(session, account_key)
        locale = scope_of(session).locale
        names = {volume_metric(one.key): one.name(locale) for one in heads}
    return {CALLS: "", **dict(sorted(names.items()))}


def set_edition_quota(session: Session, key: str, measure: str, amount: Decimal | None) -> None:
    """For all accounts that have it; None takes it away. Raises NotFound, Invalid (measure,
    amount). Commits.
    """
    edition = _edition(session, key)
    keep_edition_quota(session, edition, measure, amount)
    record(session, "edition.quota-changed", "edition", key, **_said(measure, amount))
    session.commit()


def set_account_quota(
    session: Session, account_key: str, measure: str, amount: Decimal | None
) -> None:
    """In the place of the edition's; None leaves what that says. Raises NotFound, Invalid
    (measure, amount). Commits.
    """
    account = _account(session, account_key)
    keep_account_quota(session, account.id, measure, amount)
    said = _said(measure, amount)
    record(
        session,
        "contract.quota-changed",
        "account",
        account_key,
        account_id=account.id,
        **said,
    )
    session.commit()


def keep_edition_quota(
    session: Session, edition_id: int, measure: str, amount: Decimal | None
) -> None:
    """In the caller's transaction."""
    stored = session.get(EditionQuota, (edition_id, checked_measure(measure)))
    _keep(session, stored, EditionQuota, {"edition_id": edition_id, "measure": measure}, amount)


def keep_account_quota(
    session: Session, account_id: int, measure: str, amount: Decimal | None
) -> None:
    """In the caller's transaction."""
    wanted = select(AccountQuota).where(
        AccountQuota.account_id == account_id, AccountQuota.measure == checked_measure(measure)
    )
    stored = session.scalar(wanted)
    _keep(session, stored, AccountQuota, {"account_id": account_id, "measure": measure}, amount)


def _keep(
    session: Session,
    stored: EditionQuota | AccountQuota | None,
    model: type[EditionQuota | AccountQuota],
    key: Mapping[str, Any],
    amount: Decimal | None,
) -> None:
    if amount is None:
        if stored is not None:
            session.delete(stored)
    elif stored is None:
        session.add(model(**key, amount=checked_amount(amount)))
    else:
        stored.amount = checked_amount(amount)
    session.flush()


def _said(measure: str, amount: Decimal | None) -> dict[str, Any]:
    return {"measure": measure, "amount": None if amount is None else str(amount)}


def _in_order(found: Mapping[str, Quota]) -> list[Quota]:
    return [found[measure] for measure in sorted(found)]


def _rows_of_edition(session: Session, edition_id: int) -> Any:
    wanted = select(EditionQuota.measure, EditionQuota.amount)
    return session.execute(wanted.where(EditionQuota.edition_id == edition_id))


def _edition(session: Session, key: str) -> int:
    found = session.scalar(select(Edition.id).where(Edition.key == key))
    if found is None:
        raise NotFound(f"There is no edition {key[:120]}.")
    return found


def _account(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(Account.key == key))
    if account is None:
        raise NotFound
    return account
