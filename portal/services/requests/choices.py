"""What a request can be filtered by and set to: accounts with requests, features."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.domain.feature_names import feature_name
from portal.models import Account, Feature, Request, User
from portal.tenancy import scope_of

Choices = list[tuple[str, str]]


def accounts_with_requests(session: Session) -> Choices:
    """Key and name of those in reach that ever had one, by name."""
    has_one = exists().where(Request.account_id == Account.id)
    wanted = select(Account.key, Account.name).where(has_one)
    rows = session.execute(wanted.order_by(Account.name, Account.key))
    return [(row.key, row.name) for row in rows]


def accounts_in_reach(session: Session) -> Choices:
    """Key and name, by name."""
    rows = session.execute(select(Account.key, Account.name).order_by(Account.name, Account.key))
    return [(row.key, row.name) for row in rows]


def live_features(session: Session) -> Choices:
    """Key and name in the reader's language, in the catalogue's order."""
    locale = scope_of(session).locale
    wanted = select(Feature.key, Feature.name_en, Feature.name_zh).where(
        Feature.archived_at.is_(None)
    )
    rows = session.execute(wanted.order_by(Feature.position, Feature.key))
    return [(row.key, feature_name(locale, row.name_en, row.name_zh)) for row in rows]


def people_of(session: Session, account_key: str) -> Choices:
    """Key and name of those of the account who may sign in, by name."""
    wanted = (
        select(User.key, User.name, User.email)
        .join(Account, Account.id == User.account_id)
        .where(Account.key == account_key, User.active.is_(True))
    )
    rows = session.execute(wanted.order_by(User.name, User.email))
    return [(row.key, row.name or row.email) for row in rows]
