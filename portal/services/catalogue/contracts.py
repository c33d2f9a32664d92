"""What one account has bought: its edition, with features added to it and taken from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.early_warning import is_calendar
from portal.domain.errors import Invalid, NotFound
from portal.domain.feature_names import feature_name
from portal.models import Account, Edition, EditionFeature, Entitlement, Feature
from portal.services.audit import record
from portal.services.catalogue.editions import feature_ids
from portal.services.catalogue.version import raise_version


@dataclass(frozen=True, slots=True)
class ContractFeature:
    """`in_edition` and `included` differ where the account has something of its own."""

    key: str
    name_en: str
    name_zh: str
    module: str
    core: bool
    in_edition: bool
    included: bool

    def name(self, locale: str) -> str:
        return feature_name(locale, self.name_en, self.name_zh)


@dataclass(frozen=True, slots=True)
class Contract:
    """`features` are all of the catalogue that are not archived, in its order."""

    account_key: str
    account_name: str
    edition: str
    holidays: str
    features: list[ContractFeature]

    @property
    def included(self) -> int:
        return sum(1 for one in self.features if one.included)


def show_contract(session: Session, account_key: str) -> Contract:
    """Raises NotFound."""
    account = _account(session, account_key)
    edition = session.scalar(select(Edition.key).where(Edition.id == account.edition_id))
    own = {
        row.feature_id: row.included
        for row in session.execute(
            select(Entitlement.feature_id, Entitlement.included).where(
                Entitlement.account_id == account.id
            )
        )
    }
    contents = _contents(session, account.edition_id)
    rows = session.execute(
        select(
            Feature.id,
            Feature.key,
            Feature.name_en,
            Feature.name_zh,
            Feature.module,
            Feature.core,
        )
        .where(Feature.archived_at.is_(None))
        .order_by(Feature.position, Feature.key)
    )
    features = [
        ContractFeature(*row[1:], row.id in contents, own.get(row.id, row.id in contents))
        for row in rows
    ]
    return Contract(account.key, account.name, edition or "", account.holidays, features)


def give_edition(session: Session, account_key: str, edition_key: str) -> None:
    """Empty: none. What the account has beside its edition stays as it is. Raises NotFound.
    Commits.
    """
    account = _account(session, account_key)
    edition = session.scalar(select(Edition.id).where(Edition.key == edition_key))
    if edition_key and edition is None:
        raise NotFound(f"There is no edition {edition_key[:120]}.")
    if account.edition_id != edition:
        account.edition_id = edition
        _done(session, account, "contract.edition-changed", edition=edition_key)


def keep_holidays(session: Session, account_key: str, calendar: str) -> None:
    """Whose public holidays the account keeps (early_warning/workdays.py); empty for nobody's.
    Raises NotFound, Invalid (country, part). Commits.
    """
    account = _account(session, account_key)
    if calendar and not is_calendar(calendar):
        said = "There is no such calendar of holidays."
        named = "part" if is_calendar(calendar.partition("-")[0]) else "country"
        raise Invalid(said, code="no-such-calendar", fields={named: said})
    if account.holidays != calendar:
        facts = {"before": account.holidays, "after": calendar}
        account.holidays = calendar
        record(session, "contract.holidays", "account", account_key, account_id=account.id, **facts)
        session.commit()


def include_features(session: Session, account_key: str, keys: Iterable[str]) -> None:
    """The account has exactly these from now on, whatever its edition. Raises NotFound and
    Invalid (features). Commits.
    """
    account = _account(session, account_key)
    wanted = set(feature_ids(session, set(keys)).values())
    contents = _contents(session, account.edition_id)
    shown = set(session.scalars(select(Feature.id).where(Feature.archived_at.is_(None))))
    stored = {
        row.feature_id: row
        for row in session.scalars(select(Entitlement).where(Entitlement.account_id == account.id))
    }
    before = {one for one in shown if (stored[one].included if one in stored else one in contents)}
    for feature in shown:
        differs = (feature in wanted) != (feature in contents)
        row = stored.get(feature)
        if row is not None and not differs:
            session.delete(row)
        elif row is not None:
            row.included = feature in wanted
        elif differs:
            session.add(_own(account.id, feature, feature in wanted))
    if before != wanted & shown:
        keys_of = {row.id: row.key for row in session.execute(select(Feature.id, Feature.key))}
        _done(
            session,
            account,
            "contract.features-changed",
            added=sorted(keys_of[one] for one in (wanted & shown) - before),
            removed=sorted(keys_of[one] for one in before - wanted),
        )


def _own(account_id: int, feature_id: int, included: bool) -> Entitlement:  # noqa: FBT001 # a column's value
    """Where account and edition differ."""
    return Entitlement(account_id=account_id, feature_id=feature_id, included=included)


def _contents(session: Session, edition_id: int | None) -> set[int]:
    wanted = select(EditionFeature.feature_id).where(EditionFeature.edition_id == edition_id)
    return set(session.scalars(wanted)) if edition_id is not None else set()


def _account(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(Account.key == key))
    if account is None:
        raise NotFound
    return account


def _done(session: Session, account: Account, action: str, **details: object) -> None:
    record(session, action, "account", account.key, account_id=account.id, **details)
    raise_version(session)
    session.commit()
